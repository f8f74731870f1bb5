import { crcnsAc1Pipeline, type Session, toDataset } from "rxephys";
import { concatMap, lastValueFrom, take, toArray } from "rxjs";
import { asari, crcnsAc1 } from "../../../src/sources/crcns_ac1/crcns_ac1.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { countFiles } from "../../support/archives/file_counts.ts";
import { AC1_TINY } from "../../support/golden/golden_ac1.ts";
import { turns } from "../../support/turns.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

const ZIPS = 3;
const SESSIONS = 3;
const RECORDINGS = 5;
// Two triggers of 1.5 s at 10 kHz in each of four files, int16.
const SESSION_BYTES = 2 * 15_000 * 4 * 2;

function sessions(maxCacheBytes = 2 ** 27): Promise<Session[]> {
  return lastValueFrom(asari(AC1_TINY, { maxCacheBytes }).pipe(toArray()));
}

Deno.test("asari: before a sink reads, the source reads one file per session", () =>
  countFiles(async (counts) => {
    const stream = asari(AC1_TINY).pipe(crcnsAc1Pipeline(), toArray());
    assertEquals(counts.opened, 0);
    assertEquals((await lastValueFrom(stream)).length, SESSIONS);
    assertEquals(counts.opened, ZIPS + SESSIONS);
  }));

Deno.test("asari: the first session needs only its own first file", () =>
  countFiles(async (counts) => {
    await lastValueFrom(asari(AC1_TINY).pipe(take(1)));
    await turns();
    assertEquals(counts.opened, ZIPS + 1);
    assertEquals(counts.closed, counts.opened);
  }));

Deno.test("crcnsAc1: the sessions of Wehr need no recording of Asari", () =>
  countFiles(async (counts) => {
    await lastValueFrom(crcnsAc1(AC1_TINY).pipe(take(5)));
    await turns();
    assertEquals(counts.opened, ZIPS);
  }));

Deno.test("asari: two readers have one recording in memory at a time", async () => {
  const held = Promise.withResolvers<void>();
  let holding = false;
  await countFiles(async (counts) => {
    const [first, second] = firstOf(2, await sessions());
    counts.opened = 0;
    holding = true;
    const both = Promise.all([first.presentations(), second.presentations()]);
    await turns();
    assertEquals(counts.opened, 1);
    held.resolve();
    assertEquals((await both).map(({ length }) => length), [2, 2]);
    assertEquals(counts.opened, 2 * RECORDINGS);
  }, () => holding ? held.promise : undefined);
});

Deno.test("asari: finding sessions waits for a reader's recording", async () => {
  const held = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  await countFiles(async (counts) => {
    const stream = asari(AC1_TINY).pipe(
      concatMap((session) => session.presentations()),
      toArray(),
    );
    const all = lastValueFrom(stream);
    await reading.promise;
    await turns();
    // The first session is read while the second is looked for.
    assertEquals(counts.opened, ZIPS + 2);
    held.resolve();
    assertEquals((await all).map(({ length }) => length), [2, 2, 2]);
  }, (opened) => {
    if (opened !== ZIPS + 2) return;
    reading.resolve();
    return held.promise;
  });
});

Deno.test("asari: repeats come from the cache, a stimulus from its segments", () =>
  countFiles(async (counts) => {
    const [session] = firstOf(1, await sessions());
    counts.opened = 0;
    const [{ stimulus, read }, second] = firstOf(
      2,
      await session.presentations(),
    );
    assertEquals(counts.opened, RECORDINGS);
    await read();
    await second.read();
    assertEquals(counts.opened, RECORDINGS);
    await stimulus.read();
    const distinct = new Set(stimulus.meta.segmentFiles as string[]).size;
    assertEquals(counts.opened, RECORDINGS + distinct);
  }));

for (
  const [room, reread] of [[2 * SESSION_BYTES, 0], [
    2 * SESSION_BYTES - 1,
    RECORDINGS,
  ]]
) {
  Deno.test(`asari: with ${room} bytes of cache a third pass reads ${reread} files`, () =>
    countFiles(async (counts) => {
      const [first, second] = firstOf(2, await sessions(room));
      await first.presentations();
      await second.presentations();
      counts.opened = 0;
      await first.presentations();
      assertEquals(counts.opened, reread);
    }));
}

Deno.test("crcnsAc1: both halves share one cache", () =>
  countFiles(async (counts) => {
    const stream = crcnsAc1(AC1_TINY, { maxCacheBytes: SESSION_BYTES });
    const all = await lastValueFrom(stream.pipe(toArray()));
    const wehr = itemAt(all, 0);
    const heard = itemAt(all, 5);
    await heard.presentations();
    await wehr.presentations();
    counts.opened = 0;
    await heard.presentations();
    assertEquals(counts.opened, RECORDINGS);
  }));

Deno.test("asari: a full load reads each recording once, and the first of a session twice", () =>
  countFiles(async (counts) => {
    const dataset = await lastValueFrom(
      asari(AC1_TINY).pipe(crcnsAc1Pipeline(), toDataset()),
    );
    const segments = dataset.stimMeta.map(({ segmentFiles }) =>
      new Set(segmentFiles as string[]).size
    );
    assertEquals(
      counts.opened,
      ZIPS + SESSIONS + SESSIONS * RECORDINGS +
        segments.reduce((a, b) => a + b),
    );
    assertEquals(counts.closed, counts.opened);
  }));

// Left while the directory, a session's first file, a recording or a segment is
// being read.
for (const at of [2, 4, 6, 14, 20]) {
  Deno.test(`asari: leaving during read ${at} ends it, nothing stays open`, async () => {
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    await countFiles(async (counts) => {
      const subscription = asari(AC1_TINY)
        .pipe(crcnsAc1Pipeline(), toDataset())
        .subscribe({ error: (error) => reached.reject(error) });
      await reached.promise;
      // Other reads under way end by themselves; no read may begin.
      await turns();
      const under = counts.opened;
      subscription.unsubscribe();
      held.resolve();
      await turns(() => counts.closed === counts.opened);
      await turns();
      assertEquals(counts.opened, under);
      assertEquals(counts.closed, counts.opened);
    }, (opened) => {
      if (opened !== at) return;
      reached.resolve();
      return held.promise;
    });
  });
}

Deno.test("asari: an aborted read rejects with the reason, and can be repeated", () =>
  countFiles(async (counts) => {
    const [session] = firstOf(1, await sessions());
    counts.opened = 0;
    const signal = AbortSignal.abort(new RangeError("enough"));
    await assertRejects(
      () => session.presentations({ signal }),
      RangeError,
      "enough",
    );
    assertEquals(counts.opened, 0);
    assertEquals((await session.presentations()).length, 2);
  }));

Deno.test("asari: every subscription opens the release anew", async () => {
  const stream = asari(AC1_TINY, { sites: "MGB" });
  const load = (): Promise<Session[]> => lastValueFrom(stream.pipe(toArray()));
  const [one] = firstOf(1, await load());
  const [two] = firstOf(1, await load());
  assertEquals(one.id, two.id);
  assert(one !== two);
});
