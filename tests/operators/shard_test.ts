import {
  crcnsAc1Pipeline,
  keepSessions,
  normalize,
  parallel,
  type Session,
  type Shard,
  shard,
  shuffleBuffer,
  toAsyncIterable,
  toDataset,
  wehr,
} from "rxephys";
import {
  EMPTY,
  finalize,
  from,
  lastValueFrom,
  map,
  NEVER,
  of,
  startWith,
  throwError,
  toArray,
} from "rxjs";
import fc from "fast-check";
import { fingerprintOf } from "../../src/stream/fingerprint.ts";
import { withLineage } from "../../src/stream/lineage.ts";
import { listedOf } from "../../src/stream/listed_session.ts";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { itemAt } from "../support/item_at.ts";

const refused: [unknown, typeof RangeError, string][] = [
  [undefined, TypeError, "shard is undefined, expected { index, count }"],
  [{ index: 0 }, TypeError, "shard.count is undefined, expected a number"],
  [{ index: 2, count: 2 }, RangeError, "shard.index is 2, expected 0 to 1"],
];

for (const [share, error, message] of refused) {
  Deno.test(`shard: refuses ${message}`, () => {
    assertThrows(
      () => shard(share as Shard),
      error,
      `Cannot take a shard: ${message}`,
    );
  });
}

Deno.test("shard: reads nothing, a second subscription starts over, an empty stream stays empty", async () => {
  const log: string[] = [];
  const session = readySession("a", 1, [
    { key: "x", bins: 2, repeats: [[[1, 2]]] },
  ], log);
  const stream = of(session).pipe(shard({ index: 0, count: 1 }));
  assertEquals(await idsOf(stream), ["a"]);
  assertEquals(await idsOf(stream), ["a"]);
  assertEquals(await idsOf(EMPTY.pipe(shard({ index: 0, count: 1 }))), []);
  assertEquals(log, []);
});

Deno.test("shard: passes on an error of the source", async () => {
  const failing = throwError(() => new RangeError("of the source"));
  await assertRejects(
    () => lastValueFrom(failing.pipe(shard({ index: 0, count: 1 }))),
    RangeError,
    "of the source",
  );
});

function sessions(count: number): Session[] {
  return Array.from({ length: count }, (_, i) =>
    readySession(`s${i}`, 1, [
      { key: `a${i}`, bins: 2, repeats: [[[i, i]]] },
      { key: `b${i}`, bins: 2, repeats: [[[i, -i]]] },
    ]));
}

async function idsOf(
  stream: ReturnType<typeof from<Session[]>>,
): Promise<string[]> {
  const all = await lastValueFrom(stream.pipe(toArray()));
  return all.map(({ id }) => id);
}

Deno.test("shard: ranks times workers divide the sessions, each once", () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      async (count, ranks, workers) => {
        const all = sessions(count);
        const seen: string[] = [];
        for (let rank = 0; rank < ranks; rank++) {
          for (let worker = 0; worker < workers; worker++) {
            const own = await idsOf(
              from(all).pipe(
                shard({ index: rank, count: ranks }),
                shard({ index: worker, count: workers }),
              ),
            );
            seen.push(...own);
          }
        }
        assertEquals(seen.sort(), all.map(({ id }) => id).sort());
      },
    ),
    { seed: 19, numRuns: 40 },
  ));

Deno.test("shard: ranks that shard sessions and workers that shard presentations never overlap", async () => {
  const seen: string[] = [];
  for (let rank = 0; rank < 3; rank++) {
    for (let worker = 0; worker < 2; worker++) {
      const stream = from(sessions(7)).pipe(
        shard({ index: rank, count: 3 }),
        shuffleBuffer({ size: 2, seed: 5, shard: { index: worker, count: 2 } }),
      );
      for await (const { stimulus } of toAsyncIterable(stream)) {
        seen.push(stimulus.key);
      }
    }
  }
  assertEquals(seen.length, 14);
  assertEquals(new Set(seen).size, 14);
});

Deno.test("shard: batches of a rank's sessions never overlap those of another", async () => {
  const seen: string[] = [];
  for (let rank = 0; rank < 2; rank++) {
    const dataset = await lastValueFrom(
      from(sessions(5)).pipe(shard({ index: rank, count: 2 }), toDataset()),
    );
    for (let worker = 0; worker < 3; worker++) {
      const own = { index: worker, count: 3 };
      const order = { shuffle: true, seed: 3, shard: own, size: 2 };
      for await (const { indices } of dataset.batches(order)) {
        seen.push(...indices.map((i) => itemAt(dataset.stimKeys, i)));
      }
    }
  }
  assertEquals(seen.length, 10);
  assertEquals(new Set(seen).size, 10);
});

Deno.test("shard: a session knows its place in the whole stream, also behind operators", async () => {
  const whole = {};
  const all = sessions(5).map((session, i) =>
    i % 2 === 0 ? session : withLineage(session, { partOf: whole })
  );
  const kept = await lastValueFrom(
    from(all).pipe(
      shard({ index: 1, count: 2 }),
      shard({ index: 1, count: 2 }),
      normalize({
        method: "global",
        ranges: { method: "global", stimulus: [0, 1], response: [0, 1] },
      }),
      map((session) => ({ ...session, id: "renamed" })),
      toArray(),
    ),
  );
  const listing = ["s0", "s1", "s2", "s3", "s4"];
  assertEquals(kept.map(listedOf), [{ position: 3, listing, partOf: 1 }]);
  const [first] = await lastValueFrom(
    wehr(AC1_TINY).pipe(
      crcnsAc1Pipeline(),
      shard({ index: 1, count: 2 }),
      parallel({ workers: 1 }),
      toArray(),
    ),
  );
  assertEquals(first && listedOf(first)?.position, 1);
});

Deno.test("shard: changes neither the fingerprint nor the values", async () => {
  const chain = (): ReturnType<typeof wehr> =>
    wehr(AC1_TINY).pipe(crcnsAc1Pipeline());
  const all = await lastValueFrom(chain().pipe(toArray()));
  const half = await lastValueFrom(
    chain().pipe(shard({ index: 1, count: 2 }), toArray()),
  );
  const [before, after] = [itemAt(all, 1), itemAt(half, 0)];
  assertEquals(after.id, before.id);
  assertEquals(fingerprintOf(after), fingerprintOf(before));
  const read = async (session: Session): Promise<unknown> => {
    const dataset = await lastValueFrom(of(session).pipe(toDataset()));
    return [dataset.stims, dataset.responses, dataset.nrnMeta];
  };
  assertEquals(await read(after), await read(before));
});

Deno.test("normalize: refuses a share of a stream, whose ranges would be others", async () => {
  const share = shard({ index: 0, count: 2 });
  await assertRejects(
    () => lastValueFrom(from(sessions(5)).pipe(share, normalize())),
    Error,
    "Cannot normalize: 3 of the 5 sessions are there, expected all of them, with " +
      "shard() and keepSessions() after normalize(), or ranges",
  );
  const whole = shard({ index: 0, count: 1 });
  assertEquals(
    await idsOf(from(sessions(2)).pipe(whole, normalize())),
    ["s0", "s1"],
  );
});

Deno.test("keepSessions: emits the sessions of its ids, in the order of the stream", async () => {
  const all = sessions(4);
  const keep = keepSessions(["s3", "s1", "s3"]);
  assertEquals(await idsOf(from(all).pipe(keep)), ["s1", "s3"]);
  assertEquals(await idsOf(from(all).pipe(keep)), ["s1", "s3"]);
  const kept = await lastValueFrom(from(all).pipe(keep, toArray()));
  assertEquals(kept.map((session) => listedOf(session)?.position), [1, 3]);
});

Deno.test("keepSessions: refuses an id that no session has", async () => {
  const keep = keepSessions(["s1", "s12"]);
  await assertRejects(
    () => lastValueFrom(from(sessions(3)).pipe(keep)),
    RangeError,
    'Cannot keep sessions: ids has "s12", expected one of the 3 sessions of the ' +
      "stream, such as s1",
  );
  await assertRejects(
    () => lastValueFrom(EMPTY.pipe(keepSessions(["a"]))),
    RangeError,
    'Cannot keep sessions: ids has "a", expected one of the 0 sessions of the stream',
  );
});

Deno.test("keepSessions: refuses what is no list of ids when it is called", () => {
  assertThrows(
    () => keepSessions("s1" as unknown as string[]),
    TypeError,
    "Cannot keep sessions: ids is s1, expected a list of ids",
  );
  assertThrows(
    () => keepSessions([]),
    RangeError,
    "Cannot keep sessions: ids is empty, expected one id at least",
  );
});

Deno.test("keepSessions: leaving before the stream ends unsubscribes from it", () => {
  let isLeft = false;
  const stream = NEVER.pipe(
    startWith(...sessions(2)),
    finalize(() => isLeft = true),
    keepSessions(["s0"]),
  );
  stream.subscribe().unsubscribe();
  assertEquals(isLeft, true);
});
