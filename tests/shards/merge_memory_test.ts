import { lastValueFrom } from "rxjs";
import { type ShardFormat, toShards } from "rxephys/shards";
import { assert } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { noiseSessions } from "../support/sessions/noise_sessions.ts";
import { startMerge } from "./_start_merge.ts";

/** Peak memory of a merge of sessions with presentations of 4 MB each. */
async function peakOf(
  sessions: number,
  presentations: number,
  format: ShardFormat,
): Promise<number> {
  let peak = 0;
  await inFolder(async (folder) => {
    const place = `${folder}/place`;
    const size = { cells: 10, repeats: 5, bands: 50, bins: 10_000 };
    const noise = noiseSessions({ ...size, sessions, presentations });
    await lastValueFrom(noise.pipe(toShards(place, { format })));
    const figures = await startMerge("NPZ", `${folder}/merged`, place);
    assert((figures?.bytes ?? 0) > sessions * presentations * 3.9e6);
    peak = figures?.peakRss ?? 0;
  });
  return peak;
}

// A merge that kept its shards, or one of them, in memory would take 160 MB more.
const MOST_GROWTH = 80e6;
const MOST_RSS = 400e6;

for (const format of ["npz", "ndjson", "safetensors"] as const) {
  Deno.test(`mergeShards: 200 MB of ${format} take no more memory than 40 MB, in many shards or in one`, async () => {
    const less = await peakOf(2, 5, format);
    for (const [sessions, presentations] of [[10, 5], [1, 50]] as const) {
      const more = await peakOf(sessions, presentations, format);
      const growth = more - less;
      assert(growth < MOST_GROWTH, `${growth} bytes more in ${sessions}`);
      assert(more < MOST_RSS, `${more} bytes`);
    }
  });
}
