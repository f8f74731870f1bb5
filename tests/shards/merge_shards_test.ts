import {
  bin,
  crcnsAc1,
  crcnsAc1Pipeline,
  mask,
  type NeuralDataset,
  type Session,
  shard,
  toDataset,
  toNdjson,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { mergeShards, type ShardFormat, toShards } from "rxephys/shards";
import { concat, from, lastValueFrom, type Observable, take } from "rxjs";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { everythingIn } from "../support/sessions/everything_in.ts";
import { fakeSamples, fakeSession } from "../support/sessions/fake_session.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { randomStream } from "../support/sessions/random_stream.ts";
import { seeded } from "../support/sessions/traces.ts";
import { turns } from "../support/turns.ts";
import { namesIn, treeOf } from "../support/tree.ts";

const FORMATS: readonly ShardFormat[] = ["ndjson", "npz", "safetensors"];
const SHARES = 3;

/** Writes a stream by three programs, the last sessions first. */
async function writeShares(
  stream: () => Observable<Session>,
  place: string,
  format: ShardFormat,
): Promise<void> {
  for (let index = SHARES - 1; index >= 0; index--) {
    const own = stream().pipe(shard({ index, count: SHARES }));
    await lastValueFrom(own.pipe(toShards(place, { format })));
  }
}

/** The dataset with the quality of its cells. */
function contentOf(dataset: NeuralDataset): unknown {
  dataset.computeNeuronQuality();
  return everythingIn(dataset);
}

/** Asserts that merged shards equal a direct load, in some sinks. */
async function assertMerged(
  stream: () => Observable<Session>,
  folder: string,
  format: ShardFormat,
  sinks: readonly (keyof typeof FILE_SINKS)[],
): Promise<void> {
  const place = `${folder}/shards`;
  await writeShares(stream, place, format);
  for (const name of sinks) {
    const sink = FILE_SINKS[name];
    const [direct, merged] = [`${folder}/direct`, `${folder}/merged`];
    const expected = await lastValueFrom(stream().pipe(sink(direct)));
    const summary = await lastValueFrom(mergeShards(place, sink(merged)));
    assertEquals({ ...summary, path: "" }, { ...expected, path: "" });
    assertEquals(await treeOf(merged), await treeOf(direct), name);
    for (const path of [direct, merged]) {
      await Deno.remove(path, { recursive: true });
    }
  }
  assertEquals(
    contentOf(await lastValueFrom(mergeShards(place, toDataset()))),
    contentOf(await lastValueFrom(stream().pipe(toDataset()))),
  );
}

const STREAMS: Readonly<Record<string, () => Observable<Session>>> = {
  "both halves of AC1": () => crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline()),
  "Wingert as published": () =>
    wingert2026(WINGERT_SMALL).pipe(wingert2026Pipeline()),
  "Wingert, ranges of the whole stream": () =>
    wingert2026(WINGERT_SMALL).pipe(
      wingert2026Pipeline({ normalize: "bandAndNeuron" }),
    ),
  "Wingert, one range of the whole stream": () =>
    wingert2026(WINGERT_SMALL).pipe(
      wingert2026Pipeline({ normalize: "global" }),
    ),
};

for (const [name, stream] of Object.entries(STREAMS)) {
  for (const format of FORMATS) {
    // One stream and format in all sinks: they receive the same sessions.
    const all = Object.keys(FILE_SINKS) as (keyof typeof FILE_SINKS)[];
    const isFull = name.includes("AC1") && format === "npz";
    const sinks = isFull ? all : all.slice(0, 1);
    Deno.test(`mergeShards: ${format} of ${name} equals a direct load`, () =>
      inFolder((folder) => assertMerged(stream, folder, format, sinks)));
  }
}

Deno.test("mergeShards: random sessions, with tables, parts and shared stimuli", () =>
  inFolder(async (folder) => {
    for (let seed = 0; seed < 12; seed++) {
      const sessions = randomStream(seeded(seed)).blocks.flat();
      const own = `${folder}/${seed}`;
      const format = FORMATS[seed % FORMATS.length] as ShardFormat;
      const stream = (): Observable<Session> => from(sessions);
      await writeShares(stream, `${own}/shards`, format);
      await lastValueFrom(stream().pipe(toNdjson(`${own}/direct`)));
      const merged = mergeShards(
        `${own}/shards`,
        toNdjson(`${own}/merged`, { concurrency: 1 + seed % 4 }),
      );
      await lastValueFrom(merged);
      assertEquals(
        await Deno.readTextFile(`${own}/merged`),
        await Deno.readTextFile(`${own}/direct`),
        `seed ${seed}`,
      );
    }
  }));

Deno.test("mergeShards: responses are cut to the bins of the first session's stimulus", () =>
  inFolder(async (folder) => {
    const session = (id: string, durationMs: number): Session =>
      fakeSession(id, [{ cellId: id }], [{
        ...{ key: "x", durationMs, waveform: fakeSamples(10_000, 1) },
        repeats: [[fakeSamples(durationMs, 2), fakeSamples(durationMs, 3)]],
      }]);
    const silent = (id: string): Session =>
      fakeSession(id, [{}], [{
        ...{ key: "x", durationMs: 200, waveform: fakeSamples(10_000, 1) },
        repeats: [null],
      }]);
    const sessions = [
      ...[silent("a"), session("b", 500), session("c", 800)],
      ...[session("d", 300), session("e", 600)],
    ];
    const stream = (): Observable<Session> =>
      from(sessions).pipe(bin({ dtMs: 10 }), mask({ audioRateHz: 1000 }));
    await assertMerged(stream, folder, "npz", ["NDJSON"]);
    const text = await lastValueFrom(
      mergeShards(`${folder}/shards`, toNdjson(`${folder}/merged`)),
    ).then(() => Deno.readTextFile(`${folder}/merged`));
    const shapes = text.matchAll(/"response",.*?"shape":\[2,(\d+)\]/g);
    assertEquals([...shapes].map(([, bins]) => bins), ["50", "50", "30", "50"]);
  }));

Deno.test("mergeShards: reads sessions in any order, and again", () =>
  inFolder(async (folder) => {
    const stream = (): Observable<Session> =>
      crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline(), take(3));
    const place = `${folder}/shards`;
    await lastValueFrom(stream().pipe(toShards(place)));
    const backAndForth = (sessions: Observable<Session>) =>
      new Promise<number[][]>((resolve, reject) => {
        const all: Session[] = [];
        sessions.subscribe({
          next: (session) => all.push(session),
          error: reject,
          complete: () => resolve(zigzag(all)),
        });
      });
    const merged = mergeShards(place, (all) => from(backAndForth(all)));
    assertEquals(
      await lastValueFrom(merged),
      await backAndForth(stream()),
    );
  }));

/** Sums of all responses, one presentation of each session at a time, and back. */
async function zigzag(sessions: readonly Session[]): Promise<number[][]> {
  const lists = await Promise.all(
    sessions.map((session) => session.presentations()),
  );
  const sums: number[][] = [];
  for (const turn of [0, 1, 0]) {
    // All at once: reads of one shard wait for those of another.
    const read = await Promise.all(
      lists.flatMap((list) => list[turn]?.read() ?? []),
    );
    for (const { responses } of read) {
      sums.push(responses.map((response) =>
        response?.repeats.reduce(
          (sum, repeat) => repeat.reduce((a, b) => a + b, sum),
          0,
        ) ?? NaN
      ));
    }
  }
  return sums;
}

Deno.test("mergeShards: reports progress, and every subscription starts anew", () =>
  inFolder(async (folder) => {
    const stream = (): Observable<Session> =>
      crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline());
    await writeShares(stream, `${folder}/shards`, "safetensors");
    const seen: unknown[][] = [];
    for (const run of ["direct", "merged"]) {
      const own: unknown[] = [];
      seen.push(own);
      const target = toDataset({ onProgress: (now) => own.push(now) });
      const load = run === "direct"
        ? stream().pipe(target)
        : mergeShards(`${folder}/shards`, target);
      await lastValueFrom(concat(load, load));
    }
    const [direct, merged] = seen;
    assert((direct?.length ?? 0) > 20);
    assertEquals(merged, direct);
  }));

Deno.test("mergeShards: unsubscribing ends it and leaves no file", () =>
  inFolder(async (folder) => {
    const stream = (): Observable<Session> =>
      crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline());
    await writeShares(stream, `${folder}/shards`, "npz");
    const left = Promise.withResolvers<void>();
    const subscription = mergeShards(
      `${folder}/shards`,
      toNdjson(`${folder}/merged`, { onProgress: () => left.resolve() }),
    ).subscribe({ error: left.reject, complete: () => left.reject("ended") });
    await left.promise;
    subscription.unsubscribe();
    await turns(() => namesIn(folder).length === 1);
    assertEquals(namesIn(folder), ["shards"]);
  }));
