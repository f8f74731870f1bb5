/**
 * Measures what shards cost beside one file, in turns in one process: tensors that
 * are generated on read, where writing is all there is to do, and the Wehr half of a
 * release of CRCNS AC1, if one is given. Merges the shards and compares the bytes
 * first.
 *
 * Run: `deno run -A bench/shards/shard_cost.ts [release]`
 */
import { crcnsAc1Pipeline, type Session, toNpz, wehr } from "rxephys";
import { mergeShards, toShards } from "rxephys/shards";
import { lastValueFrom, type Observable } from "rxjs";
import { noiseSessions } from "../../tests/support/sessions/noise_sessions.ts";
import { treeOf } from "../../tests/support/tree.ts";
import { median } from "../_statistics.ts";

const PAIRS = 5;

const NOISE = {
  ...{ sessions: 30, presentations: 5, cells: 5, repeats: 5 },
  ...{ bands: 20, bins: 10_000 },
};

const [release] = Deno.args;
await compare("generated tensors", () => noiseSessions(NOISE));
if (release !== undefined) {
  await compare(release, () => wehr(release).pipe(crcnsAc1Pipeline()));
}

async function compare(
  name: string,
  stream: () => Observable<Session>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const [file, place] = [`${folder}/direct.npz`, `${folder}/shards`];
  const direct = async (): Promise<number> => {
    const { bytes } = await lastValueFrom(
      stream().pipe(toNpz(file, { overwrite: true })),
    );
    return bytes;
  };
  const shards = async (): Promise<number> => {
    await Deno.remove(place, { recursive: true }).catch(() => {});
    const { bytes } = await lastValueFrom(stream().pipe(toShards(place)));
    return bytes;
  };
  try {
    const [bytes, shardBytes] = [await direct(), await shards()];
    const merged = `${folder}/merged.npz`;
    await lastValueFrom(mergeShards(place, toNpz(merged)));
    const isSame = JSON.stringify(await treeOf(merged)) ===
      JSON.stringify(await treeOf(file));
    if (!isSame) throw new Error("The merged shards differ from the file");
    const times = { direct: [] as number[], shards: [] as number[] };
    for (let pair = 0; pair < PAIRS; pair++) {
      times.direct.push(await seconds(direct));
      times.shards.push(await seconds(shards));
    }
    const ratios = times.shards.map((time, i) => time / (times.direct[i] ?? 0));
    console.log(
      `${name}: one file ${(bytes / 1e6).toFixed(0)} MB in ` +
        `${median(times.direct).toFixed(2)} s, shards ` +
        `${(shardBytes / 1e6).toFixed(0)} MB in ` +
        `${median(times.shards).toFixed(2)} s, ratio ` +
        `${median(ratios).toFixed(2)} (${
          ratios.map((ratio) => ratio.toFixed(2)).join(" ")
        })`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return (performance.now() - started) / 1000;
}
