import { crcnsAc1Pipeline, type Session, toDataset, wehr } from "rxephys";
import { filter, lastValueFrom, map, toArray } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { countFiles } from "../support/archives/file_counts.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { turns } from "../support/turns.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

const STIMULUS_FILES = 6;
const TRIAL_FILES = [19, 25, 16, 20, 1];
const ZIPS = 3;

function sessions(maxCacheBytes = 2 ** 27): Promise<Session[]> {
  return lastValueFrom(wehr(AC1_TINY, { maxCacheBytes }).pipe(toArray()));
}

Deno.test("wehr: reads only the directory until a sink reads", () =>
  countFiles(async (counts) => {
    const chain = wehr(AC1_TINY).pipe(
      filter(({ id }) => id.startsWith("2002")),
      crcnsAc1Pipeline(),
      map((session) => session.id),
      toArray(),
    );
    assertEquals(counts.opened, 0);
    assertEquals((await lastValueFrom(chain)).length, 4);
    assertEquals(counts.opened, ZIPS);
    // The directory is looked for in the last 64 KiB of a zip.
    assert(counts.bytes < ZIPS * 66_000, String(counts.bytes));
  }));

Deno.test("wehr: listing a session reads its own files, and the stimuli once", () =>
  countFiles(async (counts) => {
    const [first, second] = firstOf(2, await sessions());
    counts.opened = 0;
    await first.presentations();
    assertEquals(counts.opened, STIMULUS_FILES + itemAt(TRIAL_FILES, 0));
    await second.presentations();
    await first.presentations();
    assertEquals(
      counts.opened,
      STIMULUS_FILES + itemAt(TRIAL_FILES, 0) + itemAt(TRIAL_FILES, 1),
    );
  }));

Deno.test("wehr: responses come from the cache, a stimulus first from memory, then from its file", () =>
  countFiles(async (counts) => {
    const [session] = firstOf(1, await sessions());
    const [{ stimulus, read }] = firstOf(1, await session.presentations());
    counts.opened = 0;
    await read();
    assertEquals(counts.opened, 0);
    const first = await stimulus.read();
    assertEquals(counts.opened, 0);
    assertEquals(await stimulus.read(), first);
    assertEquals(counts.opened, 1);
  }));

Deno.test("wehr: without a cache, one session stays", () =>
  countFiles(async (counts) => {
    const [first, second] = firstOf(2, await sessions(0));
    const [presentation] = firstOf(1, await first.presentations());
    await second.presentations();
    counts.opened = 0;
    await presentation.read();
    await presentation.read();
    assertEquals(counts.opened, TRIAL_FILES[0]);
  }));

Deno.test("wehr: a full load reads each file once", () =>
  countFiles(async (counts) => {
    await lastValueFrom(
      wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), toDataset()),
    );
    const trials = TRIAL_FILES.reduce((a, b) => a + b);
    assertEquals(counts.opened, ZIPS + STIMULUS_FILES + trials);
    assertEquals(counts.closed, counts.opened);
  }));

// Left while the directory, the index, a trial file or a stimulus is being read.
for (const at of [2, 5, 15, 40]) {
  Deno.test(`wehr: leaving during read ${at} ends it, nothing stays open`, async () => {
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    await countFiles(async (counts) => {
      const subscription = wehr(AC1_TINY)
        .pipe(crcnsAc1Pipeline(), toDataset())
        .subscribe({ error: (error) => reached.reject(error) });
      await reached.promise;
      subscription.unsubscribe();
      held.resolve();
      await turns(() => counts.closed === counts.opened);
      await turns();
      assertEquals(counts.opened, at);
      assertEquals(counts.closed, counts.opened);
    }, (opened) => {
      if (opened !== at) return;
      reached.resolve();
      return held.promise;
    });
  });
}

Deno.test("wehr: an aborted read rejects with the reason, and can be repeated", () =>
  countFiles(async (counts) => {
    const [session] = firstOf(1, await sessions());
    const reason = new RangeError("enough");
    await assertRejects(
      () => session.presentations({ signal: AbortSignal.abort(reason) }),
      RangeError,
      "enough",
    );
    assertEquals(counts.opened, ZIPS);
    assertEquals((await session.presentations()).length, 4);
  }));
