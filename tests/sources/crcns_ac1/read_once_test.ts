import { crcnsAc1Pipeline, type NeuralDataset, toDataset } from "rxephys";
import { from, lastValueFrom } from "rxjs";
import type { Archive } from "../../../src/archive/archive.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { openAc1Release } from "../../../src/sources/crcns_ac1/_release.ts";
import { wehrSessions } from "../../../src/sources/crcns_ac1/_wehr_sessions.ts";
import { SessionCache } from "../../../src/sources/shared/session_cache.ts";
import { SourceWarnings } from "../../../src/sources/shared/warnings.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { AC1_TINY, assertGolden } from "../../support/golden/golden_ac1.ts";
import { inFolder } from "../../support/in_folder.ts";

const TRIALS = /^wehr\/Results\/[^/]+\/[^/]+\.mat$/;
const STIMULI = /^wehr\/Stimuli\/[^/]+\/\d+\.mat$/;

/** A dataset of the golden release, and how often each member was read for it. */
interface CountedLoad {
  readonly dataset: NeuralDataset;
  readonly reads: ReadonlyMap<string, number>;
  /** Most memory reserved beside the sessions. */
  readonly mostReserved: number;
}

async function counted(
  maxCacheBytes: number,
  indexFolder?: string,
): Promise<CountedLoad> {
  const warnings = new SourceWarnings(() => {});
  const limits = DEFAULT_LIMITS;
  const archive = await openAc1Release(AC1_TINY, warnings, { limits });
  const reads = new Map<string, number>();
  const cache = new SessionCache<unknown>(maxCacheBytes);
  let leastLeft = cache.reservable;
  const counting: Archive = {
    ...archive,
    stamp: archive.stamp,
    read: (path, options) => {
      reads.set(path, 1 + (reads.get(path) ?? 0));
      leastLeft = Math.min(leastLeft, cache.reservable);
      return archive.read(path, options);
    },
  };
  const sessions = wehrSessions({
    ...{ archive: counting, warnings, cache, indexFolder },
    source: { module: "", name: "", args: [] },
  });
  const dataset = await lastValueFrom(
    from(sessions).pipe(crcnsAc1Pipeline(), toDataset()),
  );
  return { dataset, reads, mostReserved: cache.reservable - leastLeft };
}

Deno.test("wehr: a dataset inflates each member once, waveforms waiting in a quarter of the cache", async () => {
  const { dataset, reads, mostReserved } = await counted(2 ** 27);
  await assertGolden(dataset, "wehr");
  const paths = [...reads.keys()];
  assertEquals(paths.filter((path) => STIMULI.test(path)).length, 6);
  assertEquals(paths.filter((path) => TRIALS.test(path)).length, 81);
  assertEquals([...reads].filter(([, count]) => count !== 1), []);
  assert(mostReserved > 0 && mostReserved <= 2 ** 25, `${mostReserved}`);
});

Deno.test("wehr: waveforms that find no room are inflated again", async () => {
  const room = 2 ** 20;
  const { dataset, reads, mostReserved } = await counted(4 * room);
  await assertGolden(dataset, "wehr");
  const counts = [...reads].filter(([path]) => STIMULI.test(path))
    .map(([, count]) => count);
  assert(counts.includes(1) && counts.includes(2), String(counts));
  assert(mostReserved > 0 && mostReserved <= room, `${mostReserved}`);
});

Deno.test("wehr: with an index each member is inflated once, and no waveform waits", () =>
  inFolder(async (folder) => {
    await counted(2 ** 27, folder);
    const { dataset, reads, mostReserved } = await counted(0, folder);
    await assertGolden(dataset, "wehr");
    const stimuli = [...reads].filter(([path]) => STIMULI.test(path));
    assertEquals(stimuli.map(([, count]) => count), [1, 1, 1, 1, 1, 1]);
    assertEquals(mostReserved, 0);
  }));
