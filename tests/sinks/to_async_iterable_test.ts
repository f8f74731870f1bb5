import { mapResponses, type Session } from "rxephys";
import {
  concatMap,
  filter,
  from,
  lastValueFrom,
  mergeMap,
  NEVER,
  type Observable,
  of,
  startWith,
  tap,
  throwError,
} from "rxjs";
import { concat, finalize } from "rxjs";
import {
  type PresentationItem,
  toAsyncIterable,
} from "../../src/sinks/to_async_iterable.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import {
  type ReadLog,
  readySession,
} from "../support/sessions/ready_session.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

const SESSIONS = 500;
const MIB = 2 ** 20;

function ready(id: string, keys: string, log?: ReadLog): Session {
  const stimuli = [...keys].map((key) => ({
    key,
    bins: 2,
    repeats: [[[1, 2]]],
  }));
  return readySession(id, 1, stimuli, log);
}

async function all(
  items: AsyncIterable<PresentationItem>,
): Promise<PresentationItem[]> {
  const given: PresentationItem[] = [];
  for await (const item of items) given.push(item);
  return given;
}

Deno.test("toAsyncIterable: yields every presentation and reads each stimulus once", async () => {
  const log: ReadLog = [];
  const items = await all(
    toAsyncIterable(of(ready("x", "ab", log), ready("y", "ba", log))),
  );
  assertEquals(
    items.map(({ session, stimulus }) => session.id + stimulus.key),
    ["xa", "xb", "yb", "ya"],
  );
  assertEquals(itemAt(items, 0).stims === itemAt(items, 3).stims, true);
  const [{ stims, cells, responses, tally }] = firstOf(1, items);
  assertEquals("shape" in stims && stims.data, Float32Array.of(0, 1, 2, 3));
  assertEquals(cells.map(({ cellId }) => cellId), ["x.0"]);
  assertEquals(responses[0]?.repeats, [Float32Array.of(1, 2)]);
  assertEquals(tally, { range: 0, step: 0, xcorr: 0, kept: 1 });
  assertEquals(log.filter((line) => line.includes("stimulus")), [
    "x stimulus a",
    "x stimulus b",
  ]);
});

for (const prefetch of [0, 1, 3]) {
  Deno.test(`toAsyncIterable: reads ${prefetch} ahead`, async () => {
    const log: ReadLog = [];
    const sessions = of(ready("x", "abc", log), ready("y", "def", log));
    const read = (): number =>
      log.filter((line) => line.includes("trials")).length;
    let given = 0;
    for await (const _ of toAsyncIterable(sessions, { prefetch })) {
      given++;
      await settled();
      assertEquals(read(), Math.min(6, given + prefetch));
    }
    assertEquals(given, 6);
  });
}

Deno.test("toAsyncIterable: subscribes when the first item is requested", async () => {
  let subscribed = 0;
  const sessions = of(ready("x", "a")).pipe(
    tap({ subscribe: () => subscribed++ }),
  );
  const items = toAsyncIterable(sessions);
  const iterator = items[Symbol.asyncIterator]();
  await settled();
  assertEquals(subscribed, 0);
  assertEquals((await iterator.next()).done, false);
  assertEquals(subscribed, 1);
  assertEquals((await all(items)).length, 1);
  assertEquals(subscribed, 2);
  await iterator.return?.();
});

Deno.test("toAsyncIterable: an empty stream yields no items", async () => {
  assertEquals(await all(toAsyncIterable(of())), []);
});

Deno.test("toAsyncIterable: break unsubscribes and aborts reads ahead", async () => {
  let left = 0;
  const held = heldSession();
  const sessions = NEVER.pipe(
    startWith(ready("x", "a"), held.session),
    finalize(() => left++),
  );
  for await (const { session } of toAsyncIterable(sessions, { prefetch: 1 })) {
    assertEquals(session.id, "x");
    await held.begun;
    assertEquals(held.signal().aborted, false);
    break;
  }
  assertEquals(held.signal().aborted, true);
  assertEquals(left, 1);
});

Deno.test("toAsyncIterable: an error in the loop aborts like break", async () => {
  const held = heldSession();
  const sessions = of(ready("x", "a"), held.session);
  await assertRejects(
    async () => {
      for await (const _ of toAsyncIterable(sessions, { prefetch: 1 })) {
        await held.begun;
        throw new SyntaxError("in the loop");
      }
    },
    SyntaxError,
    "in the loop",
  );
  assertEquals(held.signal().aborted, true);
});

Deno.test("toAsyncIterable: return() aborts the pending read", async () => {
  const held = heldSession();
  const iterator = toAsyncIterable(of(held.session))[Symbol.asyncIterator]();
  const next = iterator.next();
  await held.begun;
  await iterator.return?.();
  assertEquals(held.signal().aborted, true);
  assertEquals(await next, { done: true, value: undefined });
});

for (const prefetch of [0, 4]) {
  Deno.test(`toAsyncIterable: throws an error after the items before it, prefetch ${prefetch}`, async () => {
    const sessions: Observable<Session> = concat(
      of(ready("x", "ab")),
      throwError(() => new RangeError("of the source")),
    );
    const given: string[] = [];
    await assertRejects(
      async () => {
        const items = toAsyncIterable(sessions, { prefetch });
        for await (const { stimulus } of items) given.push(stimulus.key);
      },
      RangeError,
      "of the source",
    );
    assertEquals(given, ["a", "b"]);
  });

  Deno.test(`toAsyncIterable: throws a failed read in order, prefetch ${prefetch}`, async () => {
    const bad: Session = {
      ...ready("bad", "a"),
      presentations: () => Promise.reject(new SyntaxError("bad data")),
    };
    const given: string[] = [];
    await assertRejects(
      async () => {
        const sessions = of(ready("x", "ab"), bad, ready("y", "c"));
        const items = toAsyncIterable(sessions, { prefetch });
        for await (const { stimulus } of items) given.push(stimulus.key);
      },
      SyntaxError,
      "bad data",
    );
    assertEquals(given, ["a", "b"]);
  });
}

Deno.test("toAsyncIterable: refuses a bad prefetch", () => {
  assertThrows(
    () => toAsyncIterable(NEVER, { prefetch: -1 }),
    RangeError,
    "Cannot iterate over sessions: prefetch is -1, expected 0 to 1024",
  );
  assertThrows(
    () => toAsyncIterable(NEVER, { prefetch: 1.5 }),
    RangeError,
    "Cannot iterate over sessions: prefetch is 1.5, expected a whole number",
  );
});

// Shows why sessions are handles; the documentation cites these figures.

Deno.test("bounded: plain from(asyncGenerator) holds 500 of 500", async () => {
  const held = { now: 0, most: 0 };
  async function* produced(): AsyncGenerator<Float32Array> {
    for (let i = 0; i < SESSIONS; i++) {
      held.most = Math.max(held.most, ++held.now);
      yield await Promise.resolve(new Float32Array(1));
    }
  }
  const done = from(produced()).pipe(
    filter(() => true),
    concatMap((item) => Promise.resolve(item)),
    mergeMap(async (item) => {
      await settled();
      held.now--;
      return item;
    }, 4),
  );
  await lastValueFrom(done);
  assertEquals(held.most, SESSIONS);
});

for (const prefetch of [0, 4]) {
  Deno.test(`bounded: toAsyncIterable holds ${prefetch + 1} of 500, prefetch ${prefetch}`, async () => {
    const held = { now: 0, most: 0 };
    const sessions = from(bigSessions(held)).pipe(
      filter(({ id }) => id !== "7"),
      concatMap(async (session) => await Promise.resolve(session)),
      mergeMap(async (session) => await Promise.resolve(session), 4),
      mapResponses(async (response) => {
        await settled();
        return response;
      }),
    );
    let given = 0;
    for await (const { responses } of toAsyncIterable(sessions, { prefetch })) {
      given++;
      assertEquals(responses[0]?.repeats[0]?.byteLength, MIB);
      await settled();
      held.now--;
    }
    assertEquals(given, SESSIONS - 1);
    assertEquals(held.most, prefetch + 1);
  });
}

/** Sessions with one presentation of 1 MiB, counted until the loop is done with it. */
async function* bigSessions(
  held: { now: number; most: number },
): AsyncGenerator<Session> {
  for (let i = 0; i < SESSIONS; i++) {
    const session = ready(String(i), "a");
    yield await Promise.resolve({
      ...session,
      presentations: async () =>
        (await session.presentations()).map(({ stimulus }) => ({
          stimulus,
          read: () => {
            held.most = Math.max(held.most, ++held.now);
            return Promise.resolve({
              responses: [{
                repeats: [new Float32Array(MIB / 4)],
                scale: 1,
                rateHz: 200,
                kind: "raw" as const,
              }],
              tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
            });
          },
        })),
    });
  }
}

/** A session whose list of presentations never resolves. */
function heldSession(): {
  session: Session;
  begun: Promise<void>;
  signal: () => AbortSignal;
} {
  const begun = Promise.withResolvers<void>();
  let given: AbortSignal | undefined;
  const session: Session = {
    id: "held",
    cells: [],
    presentations: ({ signal } = {}) => {
      given = signal;
      begun.resolve();
      return new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
    },
  };
  return { session, begun: begun.promise, signal: () => given as AbortSignal };
}

/** Resolves after all pending microtasks. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("toAsyncIterable: stimulus and responses of an item share one T", async () => {
  const [long, short] = [[[1, 2, 3, 4]], [[5, 6, 7], [8, 9, 10]]];
  const session = readySession("x", 2, [
    { key: "a", bins: 4, repeats: [long, short] },
    { key: "b", bins: 2, repeats: [[[1, 2, 3]], null] },
    { key: "c", bins: 4, repeats: [[[1, 2], [3]], null] },
  ]);
  const shapes = [];
  for await (const { stims, responses } of toAsyncIterable(of(session))) {
    assert("shape" in stims);
    shapes.push([
      stims.shape,
      responses.map((response) => response?.repeats.map((r) => [...r]) ?? null),
    ]);
  }
  assertEquals(shapes, [
    [[1, 2, 3], [[[1, 2, 3]], [[5, 6, 7], [8, 9, 10]]]],
    [[1, 2, 2], [[[1, 2]], null]],
    // Repeats that are not aligned by mask() are not cut.
    [[1, 2, 4], [[[1, 2], [3]], null]],
  ]);
});

Deno.test("toAsyncIterable: repeats reduce, map and slice without a cast", async () => {
  const session = readySession("x", 1, [
    { key: "a", bins: 3, repeats: [[[1, 2, 3]]] },
  ]);
  for await (const { responses } of toAsyncIterable(of(session))) {
    for (const repeat of responses[0]?.repeats ?? []) {
      assertEquals(repeat.reduce((sum, value) => sum + value, 0), 6);
      assertEquals([...repeat.map((value) => 2 * value).slice(1)], [4, 6]);
    }
  }
});

Deno.test("toAsyncIterable: console.log prints an item in four lines", async () => {
  const items = toAsyncIterable(of(ready("a", "x")));
  const printed: string[] = [];
  for await (const item of items) printed.push(Deno.inspect(item));
  assertEquals(printed.length, 1);
  const lines = itemAt(printed, 0).split("\n");
  assertEquals(lines.length, 4);
  assertEquals(lines[0], "PresentationItem of session a");
  assertEquals(lines[2], "  responses  1 of 1 cells");
});
