import type { FileOptions } from "rxephys";
import { fromFileUrl } from "@std/path";
import type { WriteFigures } from "./write_process.ts";
import type { NoiseSize } from "./noise_sessions.ts";
import { itemAt } from "../item_at.ts";

/** Arguments of Deno to write noise; see `write_process.ts`. */
export function writeProcessArgs(
  format: string,
  path: string,
  size: NoiseSize,
  options: FileOptions = {},
  chain: "none" | "normalize" = "none",
): string[] {
  const script = new URL("write_process.ts", import.meta.url);
  const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));
  return [
    ...["run", "-A", "--no-check", "--config", config, script.href],
    ...[format, path, JSON.stringify(size), JSON.stringify(options), chain],
  ];
}

/** Writes megabytes of float32 in a separate process. */
export async function writeNoise(
  format: string,
  path: string,
  megabytes: number,
  chain: "none" | "normalize" = "none",
): Promise<WriteFigures> {
  // 2 MB of a stimulus, 10 cells of 200 kB: 4 MB each.
  const size = { cells: 10, repeats: 5, bands: 50, bins: 10_000 };
  const presentations = 5;
  const sessions = Math.ceil(megabytes / (4 * presentations));
  const noise = { ...size, presentations, sessions };
  const args = writeProcessArgs(format, path, noise, {}, chain);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return JSON.parse(itemAt(lines, lines.length - 1));
}
