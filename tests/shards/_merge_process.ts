/**
 * Merges a place into a file: `_merge_process.ts FORMAT PATH PLACE`. Prints a line
 * for each report of progress, then {@linkcode MergeFigures} as JSON.
 */
import { mergeShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";
import { peakRss } from "../support/peak_rss.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { itemAt } from "../support/item_at.ts";

/** Result of a run. */
export interface MergeFigures {
  readonly bytes: number;
  /** Peak resident memory in bytes. */
  readonly peakRss: number;
}

if (import.meta.main) {
  const [format, path, place] = Deno.args as [string, string, string];
  const line = new TextEncoder().encode("read\n");
  const sink = itemAt(FILE_SINKS, format)(path, {
    resume: true,
    onProgress: () => void Deno.stdout.writeSync(line),
  });
  const { bytes } = await lastValueFrom(mergeShards(place, sink));
  const figures: MergeFigures = { bytes, peakRss: peakRss() };
  console.log(JSON.stringify(figures));
}
