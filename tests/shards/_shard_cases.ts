import { openPlace } from "../../src/places/open_place.ts";
import type { Place } from "../../src/places/place.ts";
import type { ShardJob } from "../../src/shards/job.ts";
import type { SessionManifest } from "../../src/shards/manifest.ts";
import { VERSION } from "../../src/stream/fingerprint.ts";
import { inFolder } from "../support/in_folder.ts";

/** A job of two sessions. */
export const JOB: ShardJob = {
  format: "npz",
  recipe: {
    rxephys: VERSION,
    source: { name: "wehr", options: {}, archives: "zip 1" },
    steps: [{ name: "bin", args: [{ dtMs: 5 }] }],
  },
  sessions: ["a", "../b"],
};

/** The manifest of its second session. */
export const MANIFEST: SessionManifest = {
  position: 1,
  session: "../b",
  recipe: JOB.recipe,
  format: "npz",
  bytes: 12,
  sha256: "0".repeat(64),
  stimuli: 0,
  responses: 0,
  cells: 0,
  tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  facts: { cells: [], forms: [], presentations: [] },
};

/** Runs a function with an empty folder as a place. */
export function inPlace(
  run: (place: Place, folder: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => await run(await openPlace(folder), folder));
}

/** Replaces an object, as only a program that is not rxephys does. */
export async function overwrite(
  folder: string,
  key: string,
  content: string | Uint8Array | object,
): Promise<void> {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  await Deno.mkdir(`${folder}/sessions`, { recursive: true });
  await Deno.writeFile(
    `${folder}/${key}`,
    content instanceof Uint8Array ? content : new TextEncoder().encode(text),
  );
}
