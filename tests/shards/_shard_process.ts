/**
 * Writes noise as shards: `_shard_process.ts PLACE INDEX COUNT SIZE`. Prints a line
 * for each presentation, then the peak of its memory in bytes.
 */
import { shard } from "rxephys";
import { toShards } from "rxephys/shards";
import { fromFileUrl } from "@std/path";
import { lastValueFrom } from "rxjs";
import { peakRss } from "../support/peak_rss.ts";
import {
  noiseSessions,
  type NoiseSize,
} from "../support/sessions/noise_sessions.ts";

/** Noise of some 1 MB. */
export const NOISE: NoiseSize = {
  ...{ sessions: 6, presentations: 4, cells: 2, repeats: 3 },
  ...{ bands: 10, bins: 1000 },
};

/** Arguments of Deno to write the shards, or a share of them. */
export function shardProcessArgs(
  place: string,
  index: number = 0,
  count: number = 1,
  size: NoiseSize = NOISE,
): string[] {
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  return [
    ...["run", "-A", "--no-check", "--config", config, import.meta.url],
    ...[place, String(index), String(count), JSON.stringify(size)],
  ];
}

if (import.meta.main) {
  const [place = "", index, count, size = ""] = Deno.args;
  const line = new TextEncoder().encode("read\n");
  const sessions = noiseSessions({
    ...JSON.parse(size) as NoiseSize,
    onRead: () => Deno.stdout.writeSync(line),
  });
  const share = shard({ index: Number(index), count: Number(count) });
  await lastValueFrom(sessions.pipe(share, toShards(place)));
  console.log(peakRss());
}
