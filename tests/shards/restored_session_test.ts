import {
  bin,
  crcnsAc1,
  crcnsAc1Pipeline,
  type Session,
  toAsyncIterable,
  toDataset,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { toNwb } from "rxephys/nwb";
import { from, lastValueFrom, type Observable, toArray } from "rxjs";
import type { ShardFormat } from "../../src/shards/shard_format.ts";
import { withLineage } from "../../src/stream/lineage.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { everythingIn } from "../support/sessions/everything_in.ts";
import { randomStream } from "../support/sessions/random_stream.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { seeded } from "../support/sessions/traces.ts";
import { treeOf } from "../support/tree.ts";
import { restoredSessions, SHARD_SINKS } from "./_restored.ts";

const FORMATS = Object.keys(SHARD_SINKS) as ShardFormat[];
const ALL = Object.keys(FILE_SINKS) as Format[];

async function datasetOf(sessions: readonly Session[]): Promise<unknown> {
  return everythingIn(await lastValueFrom(from(sessions).pipe(toDataset())));
}

type Format = keyof typeof FILE_SINKS;

/** Files that sinks write of sessions. */
async function filesOf(
  sessions: readonly Session[],
  folder: string,
  formats: readonly Format[] = ["NDJSON"],
): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = {};
  for (const [i, format] of formats.entries()) {
    const path = `${folder}/${format}`;
    const sink = FILE_SINKS[format];
    const options = { concurrency: 1 + 2 * i };
    const { path: _, ...summary } = await lastValueFrom(
      from(sessions).pipe(sink(path, options)),
    );
    files[format] = { summary, tree: await treeOf(path) };
    await Deno.remove(path, { recursive: true });
  }
  return files;
}

async function presentationsOf(sessions: Session[]): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of toAsyncIterable(from(sessions))) {
    const { session, cells, stimulus, stims, responses, tally } = item;
    const { key, meta, durationMs } = stimulus;
    const rounded = responses.map((response) =>
      response && {
        ...response,
        scale: 1,
        repeats: response.repeats.map((repeat) =>
          Float32Array.from(repeat, (value) => value * response.scale)
        ),
      }
    );
    const sound = "shape" in stims
      ? stims
      : { ...stims, samples: Float32Array.from(stims.samples) };
    all.push({ id: session.id, cells, key, meta, durationMs, tally });
    all.push(sound, rounded);
  }
  return all;
}

const STREAMS: Record<string, () => Observable<Session>> = {
  "CRCNS AC1": () => crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline()),
  "CRCNS AC1 without a mask": () => crcnsAc1(AC1_TINY).pipe(bin()),
  "CRCNS AC1 with waveforms": () =>
    crcnsAc1(AC1_TINY).pipe(
      crcnsAc1Pipeline({ stimuli: "waveform", audioRateHz: 8000 }),
    ),
  "Wingert 2026": () =>
    wingert2026(WINGERT_SMALL).pipe(
      wingert2026Pipeline({ normalize: "global" }),
    ),
};

for (const [name, stream] of Object.entries(STREAMS)) {
  for (const format of FORMATS) {
    Deno.test(`restored from ${format}: ${name} is as read`, () =>
      inFolder(async (folder) => {
        const sinks = name === "CRCNS AC1" ? ALL : undefined;
        const sessions = await lastValueFrom(stream().pipe(toArray()));
        await Deno.mkdir(`${folder}/direct`);
        await Deno.mkdir(`${folder}/restored`);
        const restored = await restoredSessions(sessions, folder, format);
        assertEquals(
          await filesOf(restored, `${folder}/restored`, sinks),
          await filesOf(sessions, `${folder}/direct`, sinks),
        );
        assertEquals(
          await presentationsOf(restored),
          await presentationsOf(sessions),
        );
        if (name.includes("without")) return;
        assertEquals(await datasetOf(restored), await datasetOf(sessions));
      }));
  }
}

/** Runs a function without chance: identifiers count up, the clock stands still. */
async function withoutChance<Value>(run: () => Promise<Value>): Promise<Value> {
  const { Date: clock, crypto } = globalThis;
  let next = 0;
  const own = { Date: clock, randomUUID: crypto.randomUUID };
  globalThis.Date = class extends clock {
    constructor(...args: []) {
      super(...(args.length === 0 ? [0] as unknown as [] : args));
    }
    static override now = (): number => 0;
  } as DateConstructor;
  crypto.randomUUID = () => {
    const digits = String(next++).padStart(12, "0");
    return `00000000-0000-4000-8000-${digits}`;
  };
  try {
    return await run();
  } finally {
    globalThis.Date = own.Date;
    crypto.randomUUID = own.randomUUID;
  }
}

Deno.test("restored sessions: NWB files are those of a direct load", () =>
  inFolder(async (folder) => {
    const sessions = await lastValueFrom(
      crcnsAc1(AC1_TINY).pipe(crcnsAc1Pipeline(), toArray()),
    );
    const restored = await restoredSessions(sessions, folder, "npz");
    const trees = [];
    for (const [i, all] of [sessions, restored].entries()) {
      const path = `${folder}/nwb${i}`;
      const writing = from(all).pipe(toNwb(path));
      await withoutChance(() => lastValueFrom(writing));
      await Deno.remove(`${path}/rxephys-nwb.journal`);
      trees.push(await treeOf(path));
    }
    assertEquals(trees[1], trees[0]);
  }));

for (const format of FORMATS) {
  Deno.test(`restored from ${format}: random sessions, with tables, parts and shared stimuli`, () =>
    inFolder(async (folder) => {
      let silent = 0;
      for (let seed = 0; seed < 8; seed++) {
        const sessions = randomStream(seeded(seed)).blocks.flat();
        const own = `${folder}/${seed}`;
        await Deno.mkdir(`${own}/direct`, { recursive: true });
        await Deno.mkdir(`${own}/restored`);
        const restored = await restoredSessions(sessions, own, format);
        const files = await filesOf(restored, `${own}/restored`);
        assertEquals(
          files,
          await filesOf(sessions, `${own}/direct`),
          `seed ${seed}`,
        );
        assertEquals(
          await presentationsOf(restored),
          await presentationsOf(sessions),
          `seed ${seed}`,
        );
        silent += sessions.length;
      }
      assert(silent > 15);
    }));
}

Deno.test("restored sessions: sessions without presentations, responses or cells", () =>
  inFolder(async (folder) => {
    const sessions = [
      readySession("empty", 0, []),
      readySession("mute", 2, []),
      readySession("silent", 2, [
        {
          ...{ key: "x", bins: 2, repeats: [null, null] },
          tally: { range: 3, step: 0, xcorr: 0, kept: 0 },
        },
      ]),
      withLineage(readySession("listed", 1, []), { cellNumbers: [4] }),
      readySession("heard", 1, [{ key: "x", bins: 2, repeats: [[[1, 2]]] }]),
      readySession("end", 1, [
        {
          ...{ key: "y", bins: 2, repeats: [null] },
          tally: { range: 0, step: 2, xcorr: 0, kept: 0 },
        },
      ]),
    ];
    await Deno.mkdir(`${folder}/direct`);
    await Deno.mkdir(`${folder}/restored`);
    for (const format of FORMATS) {
      const restored = await restoredSessions(sessions, folder, format);
      assertEquals(
        await filesOf(restored, `${folder}/restored`),
        await filesOf(sessions, `${folder}/direct`),
      );
      assertEquals(
        await presentationsOf(restored),
        await presentationsOf(sessions),
      );
      assertEquals(await datasetOf(restored), await datasetOf(sessions));
    }
  }));
