import { runCommand } from "../command/_run_command.ts";
import { writeManySessions } from "../support/archives/many_sessions.ts";
import { assertEquals } from "../support/assert.ts";

/** A release of 50 sessions, and what one process makes of it. */
export interface FiftySessions {
  /** Path of the data set. */
  readonly data: string;
  /** Bytes of the direct conversion to NPZ. */
  readonly direct: Uint8Array;
}

/** Writes 50 sessions to a folder, and converts them directly. */
export async function fiftySessions(folder: string): Promise<FiftySessions> {
  const data = await writeManySessions(folder, 50);
  const path = `${folder}/direct.npz`;
  const args = ["convert", data, path, "--dataset", "wehr"];
  const { code, err } = await runCommand(args);
  assertEquals(code, 0, err);
  return { data, direct: await Deno.readFile(path) };
}
