import {
  mapResponses,
  toDataset,
  wingert2026,
  type Wingert2026Options,
  wingert2026Pipeline,
} from "rxephys";
import { filter, lastValueFrom, map, toArray } from "rxjs";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  countFiles,
  type FileCounts,
} from "../../support/archives/file_counts.ts";
import { WINGERT_SMALL } from "../../support/golden/golden_wingert.ts";
import { firstOf } from "../../support/item_at.ts";

const CELL_LIST = Deno.statSync(`${WINGERT_SMALL}/cell_list.csv`).size;
const ZIP = Deno.statSync(`${WINGERT_SMALL}/recordings.zip`).size;
/** The reader looks for the directory in the last 64 KiB of a zip. */
const DIRECTORY = 66_000;

/** Runs a test with a folder for the index, and counts files. */
async function counting(
  run: (
    counts: FileCounts,
    source: (options?: Wingert2026Options) => ReturnType<typeof wingert2026>,
    indexFolder: string,
  ) => Promise<void>,
  beforeOpen?: (opened: number) => void | Promise<void>,
): Promise<void> {
  const indexFolder = await Deno.makeTempDir();
  try {
    await countFiles(
      (counts) =>
        run(
          counts,
          (options) => wingert2026(WINGERT_SMALL, { indexFolder, ...options }),
          indexFolder,
        ),
      beforeOpen,
    );
  } finally {
    await Deno.remove(indexFolder, { recursive: true });
  }
}

function zero(counts: FileCounts): void {
  Object.assign(counts, { opened: 0, closed: 0, bytes: 0 });
}

Deno.test("wingert2026: nothing is read before it is subscribed", () =>
  counting((counts, source) => {
    source().pipe(wingert2026Pipeline(), toDataset());
    assertEquals(counts.opened, 0);
    return Promise.resolve();
  }));

Deno.test("wingert2026: the first start reads the prefixes, the second none", () =>
  counting(async (counts, source) => {
    const ids = (): Promise<string[]> =>
      lastValueFrom(
        source().pipe(
          filter(({ id }) => id !== "CLT027c"),
          wingert2026Pipeline(),
          map(({ id }) => id),
          toArray(),
        ),
      );
    const first = await ids();
    assertEquals(first, ["PRN015a", "PRN018a", "SLJ032a"]);
    const { opened, closed, bytes } = counts;
    assertEquals(opened, closed);
    assert(bytes > CELL_LIST + DIRECTORY, String(bytes));
    zero(counts);
    assertEquals(await ids(), first);
    // Its cell list, and of the zip the directory.
    assert(counts.bytes < CELL_LIST + DIRECTORY, String(counts.bytes));
    assertEquals(counts.opened, 2);
    assertEquals(counts.closed, 2);
  }));

Deno.test("wingert2026: reads only what a reader asks for, once", () =>
  counting(async (counts, source) => {
    await lastValueFrom(source().pipe(toArray()));
    const [first, second] = firstOf(
      2,
      await lastValueFrom(source().pipe(toArray())),
    );
    zero(counts);
    const list = await first.presentations();
    assert(counts.bytes > 0 && counts.bytes < ZIP / 4, String(counts.bytes));
    const own = counts.bytes;
    for (const { stimulus, read } of list) {
      await stimulus.read();
      await read();
    }
    assertEquals(counts.bytes, own);
    await second.presentations();
    assert(counts.bytes > own);
    const both = counts.bytes;
    await first.presentations();
    assertEquals(counts.bytes, both);
    assertEquals(counts.opened, counts.closed);
  }));

Deno.test("wingert2026: without a cache, one session stays", () =>
  counting(async (counts, source) => {
    const [first, second] = firstOf(
      2,
      await lastValueFrom(
        source({ maxCacheBytes: 0 }).pipe(toArray()),
      ),
    );
    const [presentation] = firstOf(1, await first.presentations());
    await second.presentations();
    zero(counts);
    await presentation.read();
    const own = counts.bytes;
    assert(own > 0);
    await presentation.read();
    await presentation.stimulus.read();
    assertEquals(counts.bytes, own);
  }));

Deno.test("wingert2026: a session that does not fit goes once it was read, and stays when read again", () =>
  counting(async (counts, source) => {
    const bytesOf = async (act: () => Promise<unknown>): Promise<number> => {
      zero(counts);
      await act();
      return counts.bytes;
    };
    const [session] = firstOf(
      1,
      await lastValueFrom(
        source({ maxCacheBytes: 0 }).pipe(toArray()),
      ),
    );
    const list = await session.presentations();
    const readAll = async (): Promise<void> => {
      for (const { read } of list) await read();
    };
    assertEquals(await bytesOf(readAll), 0);
    assert(await bytesOf(readAll) > 0);
    assertEquals(await bytesOf(readAll), 0);
  }));

Deno.test("wingert2026: a first pass reads each recording once, and again if the cache dropped it", () =>
  counting(async (counts, source) => {
    const load = async (maxCacheBytes = 2 ** 27): Promise<number> => {
      zero(counts);
      const chain = source({ maxCacheBytes }).pipe(
        wingert2026Pipeline({ normalize: "global" }),
        // Right before toDataset() the pass itself keeps what it reads.
        mapResponses((response) => response),
        toDataset(),
      );
      const { S } = await lastValueFrom(chain);
      assertEquals(S, 20);
      return counts.bytes;
    };
    await load();
    const kept = await load();
    const lost = await load(0);
    const recordings = lost - kept;
    assert(kept > recordings && recordings > ZIP / 2, `${kept} and ${lost}`);
  }));

// Left while the cell list, the directory, a prefix or a recording is read.
for (const at of [1, 2, 5, 10]) {
  Deno.test(`wingert2026: leaving during read ${at} ends it, nothing stays open`, async () => {
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    await counting(async (counts, source) => {
      const subscription = source()
        .pipe(wingert2026Pipeline(), toDataset())
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

Deno.test("wingert2026: an aborted read rejects with the reason, and can be repeated", () =>
  counting(async (counts, source) => {
    const [session] = firstOf(1, await lastValueFrom(source().pipe(toArray())));
    zero(counts);
    const reason = new RangeError("enough");
    await assertRejects(
      () => session.presentations({ signal: AbortSignal.abort(reason) }),
      RangeError,
      "enough",
    );
    assertEquals(counts.opened, 0);
    const leaving = new AbortController();
    const pending = session.presentations({ signal: leaving.signal });
    leaving.abort();
    const error = await assertRejects(() => pending, DOMException);
    assertEquals(error.name, "AbortError");
    assertEquals((await session.presentations()).length, 5);
    // The aborted read closes its file once the operation under way ends.
    await turns(() => counts.opened === counts.closed);
    assertEquals(counts.opened, counts.closed);
  }));

/** Waits until a condition holds, for a hundred turns at most. */
async function turns(until: () => boolean = () => false): Promise<void> {
  for (let turn = 0; turn < 100 && !until(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
