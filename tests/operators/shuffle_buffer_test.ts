import {
  crcnsAc1Pipeline,
  mapResponses,
  type NeuralDataset,
  normalize,
  type NormalizeRanges,
  parallel,
  type Session,
  toAsyncIterable,
  toDataset,
  wehr,
} from "rxephys";
import fc from "fast-check";
import {
  concat,
  from,
  lastValueFrom,
  NEVER,
  type Observable,
  of,
  skip,
  startWith,
  tap,
  throwError,
  toArray,
} from "rxjs";
import {
  shuffleBuffer,
  type ShuffleBufferOptions,
} from "../../src/operators/shuffle_buffer.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import {
  type ReadLog,
  readySession,
} from "../support/sessions/ready_session.ts";
import { withLineage } from "../../src/stream/lineage.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases } from "./_operator_cases.ts";

operatorCases("shuffleBuffer", () => shuffleBuffer({ size: 1 }), [
  {
    call: () => shuffleBuffer({ size: 0 }),
    error: RangeError,
    message: "Cannot shuffle: size is 0, expected 1 to 9007199254740991",
  },
  {
    call: () => shuffleBuffer({ seed: 0.5 }),
    error: RangeError,
    message: "Cannot shuffle: seed is 0.5, expected a whole number",
  },
  {
    call: () => shuffleBuffer({ startAt: -1 }),
    error: RangeError,
    message: "Cannot shuffle: startAt is -1, expected 0 to 9007199254740991",
  },
  {
    call: () => shuffleBuffer({ size: "8" as unknown as number }),
    error: TypeError,
    message: 'Cannot shuffle: size is "8", expected a number',
  },
  {
    call: () => shuffleBuffer({ shard: { index: 3, count: 3 } }),
    error: RangeError,
    message: "Cannot shuffle: shard.index is 3, expected 0 to 2",
  },
]);

/** Sessions 0, 1, ... with these numbers of stimuli, named "0/0", "0/1", ... */
function sessions(counts: readonly number[], log?: ReadLog): Session[] {
  return counts.map((count, s) => {
    const stimuli = Array.from({ length: count }, (_, i) => ({
      key: `${s}/${i}`,
      bins: 2,
      repeats: [[[s, i]]],
    }));
    return readySession(String(s), 1, stimuli, log);
  });
}

async function keysOf(
  stream: Observable<Session>,
  most: number = Infinity,
): Promise<string[]> {
  const keys: string[] = [];
  if (most === 0) return keys;
  for await (const { stimulus } of toAsyncIterable(stream)) {
    keys.push(stimulus.key);
    if (keys.length === most) break;
  }
  return keys;
}

Deno.test("shuffleBuffer: yields every presentation once, for all sizes", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(300), { maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(),
      async (counts, size, seed) => {
        const all = sessions(counts);
        const keys = await keysOf(
          from(all).pipe(shuffleBuffer({ size, seed })),
        );
        const expected = counts.flatMap((count, s) =>
          Array.from({ length: count }, (_, i) => `${s}/${i}`)
        );
        assertEquals(keys.toSorted(), expected.sort());
      },
    ),
    { numRuns: 30, seed: 6 },
  ));

Deno.test("shuffleBuffer: the order depends on the seed", async () => {
  const all = from(sessions([5, 5, 5, 5]));
  const order = (seed?: number): Promise<string[]> =>
    keysOf(
      all.pipe(shuffleBuffer({ size: 2, ...(seed !== undefined && { seed }) })),
    );
  assertEquals(await order(3), await order(3));
  assertEquals(await order(), await order(0));
  const orders = await Promise.all([0, 1, 2, 3, 4].map(order));
  assertEquals(new Set(orders.map(String)).size, 5);
});

for (const count of [1, 30, 64, 200]) {
  Deno.test(`shuffleBuffer: neighbours rarely share a session, ${count} presentations each`, async () => {
    const most = Math.ceil(count / 64);
    const keys = await keysOf(
      from(sessions(Array(16).fill(count))).pipe(shuffleBuffer({ seed: 1 })),
    );
    const owners = keys.map((key) => key.split("/")[0]);
    const same = owners.filter((owner, i) => owner === owners[i - 1]).length;
    // One of 8 draws repeats the session; a part has up to `most` presentations.
    const expected = 1 - 7 / 8 * 64 / Math.max(64, count);
    assert(same / keys.length < expected + 0.1, `${same} of ${keys.length}`);
    // The last session remains alone at the end; earlier runs are short.
    let run = 0;
    const runs = owners.map((owner, i) =>
      run = owner === owners[i - 1] ? run + 1 : 1
    );
    const early = runs.slice(0, Math.floor(runs.length * 0.8));
    assert(Math.max(...early) <= 6 * most, `run of ${Math.max(...early)}`);
  });
}

Deno.test("shuffleBuffer: every presentation of a session is equally likely to come first", async () => {
  const firsts = [0, 0, 0, 0];
  for (let seed = 0; seed < 2000; seed++) {
    const stream = from(sessions([4])).pipe(shuffleBuffer({ seed }));
    const key = itemAt(await keysOf(stream, 1), 0);
    const first = Number(itemAt(key.split("/"), 1));
    firsts[first] = itemAt(firsts, first) + 1;
  }
  const chiSquare = firsts.reduce((sum, n) => sum + (n - 500) ** 2 / 500, 0);
  // 99.9 % point of chi square with 3 degrees of freedom.
  assert(chiSquare < 16.27, `${firsts}`);
});

Deno.test("shuffleBuffer: lists each session once on demand, `size` at a time", async () => {
  const log: ReadLog = [];
  const stream = from(sessions(Array(20).fill(7), log)).pipe(
    shuffleBuffer({ size: 3, seed: 5 }),
  );
  const left = new Map<string, number>();
  let given = 0;
  for await (const { session } of toAsyncIterable(stream)) {
    left.set(session.id, (left.get(session.id) ?? 7) - 1);
    given++;
    const reads = log.filter((line) => line.includes("trials")).length;
    assertEquals(reads, given);
    const lists = log.filter((line) => line.includes("list"));
    assertEquals(new Set(lists).size, lists.length);
    const open = [...left.values()].filter((count) => count > 0).length;
    assert(open <= 3, `${open} sessions are open`);
    // An empty part may have opened the next session.
    assert(lists.length <= left.size + 3, `${lists.length} lists`);
  }
  assertEquals(given, 140);
});

Deno.test("shuffleBuffer: holds `size` sessions, and emits them before it takes more", async () => {
  const log: string[] = [];
  await lastValueFrom(
    from(sessions([1, 1, 1, 1, 1])).pipe(
      tap(({ id }) => log.push(`in ${id}`)),
      shuffleBuffer({ size: 3 }),
      tap(({ id }) => log.push(`out ${id}`)),
    ),
  );
  assertEquals(log.slice(0, 3), ["in 0", "in 1", "in 2"]);
  const open = new Map<string, number>();
  for (const line of log) {
    const [way, id = ""] = line.split(" ");
    if (way === "in") open.set(id, 64);
    else open.set(id, (open.get(id) ?? 0) - 1);
    if (open.get(id) === 0) open.delete(id);
    assert(open.size <= 3, `${open.size} sessions at "${line}"`);
  }
  assertEquals(open.size, 0);
});

Deno.test("shuffleBuffer: startAt continues a run at any place", async () => {
  const counts = [3, 0, 130, 5, 1];
  const options = { size: 2, seed: 9 };
  const whole = await keysOf(
    from(sessions(counts)).pipe(shuffleBuffer(options)),
  );
  for (const startAt of [0, 1, 2, 5, 50, 137, 138, 139, 140, 1000]) {
    const log: ReadLog = [];
    const rest = await keysOf(
      from(sessions(counts, log)).pipe(shuffleBuffer({ ...options, startAt })),
    );
    assertEquals(rest, whole.slice(startAt));
    const reads = log.filter((line) => line.includes("trials"));
    assertEquals(reads.length, rest.length);
    assert(
      log.every((line) =>
        !whole.slice(0, startAt).some((key) => key === line.split(" ")[2])
      ),
    );
  }
});

Deno.test("shuffleBuffer: shards are disjoint and together the whole, for any count", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(130), { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(1000),
      async (counts, count, size, seed) => {
        const run = (options: ShuffleBufferOptions): Promise<string[]> =>
          keysOf(
            from(sessions(counts)).pipe(
              shuffleBuffer({ size, seed, ...options }),
            ),
          );
        const whole = await run({});
        for (let index = 0; index < count; index++) {
          const shard = { index, count };
          const own = whole.filter((_, i) => i % count === index);
          assertEquals(await run({ shard }), own);
          const startAt = seed % (own.length + 2);
          assertEquals(await run({ shard, startAt }), own.slice(startAt));
        }
      },
    ),
    { numRuns: 25, seed: 8 },
  ));

Deno.test("shuffleBuffer: a shard reads its own presentations alone", async () => {
  const log: ReadLog = [];
  const keys = await keysOf(
    from(sessions([9, 70, 4], log)).pipe(
      shuffleBuffer({ size: 2, shard: { index: 1, count: 3 }, startAt: 2 }),
    ),
  );
  const reads = log.filter((line) => line.includes("trials"));
  assertEquals(reads.length, keys.length);
  assertEquals(keys.length, Math.floor(83 / 3) + 1 - 2);
  const lists = log.filter((line) => line.includes("list"));
  assertEquals(lists.length, 3);
});

Deno.test("shuffleBuffer: startAt counts presentations that are never read", async () => {
  const counts = Array(400).fill(2);
  const options = { size: 4, seed: 2 };
  const whole = await keysOf(
    from(sessions(counts)).pipe(shuffleBuffer(options), skip(20_000)),
  );
  const rest = await keysOf(
    from(sessions(counts)).pipe(
      shuffleBuffer({ ...options, startAt: 3 }),
      skip(20_000),
    ),
  );
  assert(whole.length > 0);
  assertEquals(rest, whole);
});

Deno.test("shuffleBuffer: keeps sessions' names and cells", async () => {
  const heard: Session[] = [
    withLineage(itemAt(sessions([3]), 0), { cellNumbers: [1] }),
    withLineage(itemAt(sessions([3, 4]), 1), { cellNumbers: [0] }),
  ];
  const plain = await lastValueFrom(from(heard).pipe(toDataset()));
  const mixed = await lastValueFrom(
    from(heard).pipe(
      shuffleBuffer({ seed: 4 }),
      mapResponses((response) => response),
      toDataset(),
    ),
  );
  assertEquals(mixed.nrnMeta, plain.nrnMeta);
  assertEquals(pairsOf(mixed), pairsOf(plain));
});

Deno.test("shuffleBuffer: numbers cells without a table once", async () => {
  const mixed = await lastValueFrom(
    from(sessions([3, 4, 5])).pipe(shuffleBuffer(), toDataset()),
  );
  assertEquals([mixed.N, mixed.S], [3, 12]);
});

function pairsOf(
  { stimMeta, nrnMeta, responses, nrnMasks }: NeuralDataset,
): string[] {
  return nrnMasks.flatMap((row, s) =>
    row.flatMap((isHeard, n) => {
      const { data } = itemAt(itemAt(responses, s), n);
      const pair = [
        itemAt(stimMeta, s).description,
        itemAt(nrnMeta, n).cellId,
        ...data,
      ];
      return isHeard ? [pair.join(" ")] : [];
    })
  ).sort();
}

Deno.test("shuffleBuffer: later ranges cover everything and read it once", async () => {
  const log: ReadLog = [];
  const both = sessions([3, 4], log);
  const [first, second] = [itemAt(both, 0), itemAt(both, 1)];
  const part = withLineage({
    ...first,
    presentations: async (options) =>
      (await first.presentations(options)).slice(0, 1),
  }, { whole: first });
  const rangesOf = async (
    ...operators: ReturnType<typeof shuffleBuffer>[]
  ): Promise<NormalizeRanges> => {
    const { promise, resolve } = Promise.withResolvers<NormalizeRanges>();
    const stream = operators.reduce(
      (before: Observable<Session>, operator) => before.pipe(operator),
      of(part, second),
    ).pipe(normalize({ method: "global", onRanges: resolve }));
    await keysOf(stream, 1);
    return promise;
  };
  const plain = await rangesOf();
  log.length = 0;
  assertEquals(await rangesOf(shuffleBuffer({ startAt: 3 })), plain);
  assertEquals(log.filter((line) => line.includes("trials")).length, 7 + 1);
});

Deno.test("shuffleBuffer: throws an error of the source after the sessions before it", async () => {
  const stream = concat(
    from(sessions([2, 2])),
    throwError(() => new RangeError("of the source")),
  ).pipe(shuffleBuffer({ size: 1 }));
  const keys: string[] = [];
  await assertRejects(
    async () => {
      for await (const { stimulus } of toAsyncIterable(stream)) {
        keys.push(stimulus.key);
      }
    },
    RangeError,
    "of the source",
  );
  assertEquals(keys.length, 4);
});

Deno.test("shuffleBuffer: a failed list rejects its reader and is read again", async () => {
  let fails = true;
  const session = itemAt(sessions([2]), 0);
  const failing: Session = {
    ...session,
    presentations: (options) =>
      fails
        ? Promise.reject(new SyntaxError("bad list"))
        : session.presentations(options),
  };
  for (const startAt of [0, 1]) {
    fails = true;
    const parts = await lastValueFrom(
      of(failing).pipe(shuffleBuffer({ startAt }), toArray()),
    );
    const last = itemAt(parts, parts.length - 1);
    await assertRejects(() => last.presentations(), SyntaxError, "bad list");
    fails = false;
    let listed = 0;
    for (const part of parts) listed += (await part.presentations()).length;
    assertEquals(listed, 2 - startAt);
  }
});

for (const startAt of [0, 1]) {
  Deno.test(`shuffleBuffer: leaving aborts the current list, startAt ${startAt}`, async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const held: Session = {
      id: "held",
      cells: [],
      presentations: ({ signal } = {}) => {
        if (signal) begun.resolve(signal);
        return new Promise(() => {});
      },
    };
    const stream = NEVER.pipe(
      startWith(held),
      shuffleBuffer({ size: 1, startAt }),
    );
    const iterator = toAsyncIterable(stream)[Symbol.asyncIterator]();
    const next = iterator.next();
    const signal = await begun.promise;
    await iterator.return?.();
    assertEquals(signal.aborted, true);
    assertEquals(await next, { done: true, value: undefined });
  });
}

Deno.test("shuffleBuffer: gives the same order and values after parallel()", async () => {
  const read = async (
    operator: (sessions: Observable<Session>) => Observable<Session>,
  ): Promise<unknown[]> => {
    const stream = wehr(AC1_TINY).pipe(operator, shuffleBuffer({ seed: 3 }));
    const items: unknown[] = [];
    const options = { prefetch: 2 };
    for await (const item of toAsyncIterable(stream, options)) {
      const { session, stimulus, stims, responses } = item;
      items.push([session.id, stimulus.key, stims, responses]);
    }
    return items;
  };
  const alone = await read((sessions) => sessions);
  assertEquals(alone.length, 13);
  assertEquals(await read(parallel({ workers: 2 })), alone);
});

Deno.test("shuffleBuffer: is refused before parallel()", async () => {
  await assertRejects(
    () => keysOf(wehr(AC1_TINY).pipe(shuffleBuffer(), parallel())),
    TypeError,
    "Cannot read in workers: shuffleBuffer() is before parallel(), " +
      "expected shuffleBuffer() after parallel()",
  );
});

Deno.test("shuffleBuffer: a shard resumes an epoch of an archive, bit by bit", async () => {
  const read = async (options: ShuffleBufferOptions): Promise<unknown[]> => {
    const stream = wehr(AC1_TINY).pipe(
      crcnsAc1Pipeline(),
      shuffleBuffer({ seed: 3, size: 2, ...options }),
    );
    const items: unknown[] = [];
    for await (const item of toAsyncIterable(stream)) {
      const { session, stimulus, stims, responses } = item;
      items.push([session.id, stimulus.key, stims, responses]);
    }
    return items;
  };
  const whole = await read({});
  assertEquals(whole.length, 13);
  for (const index of [0, 1, 2]) {
    const shard = { index, count: 3 };
    const own = whole.filter((_, i) => i % 3 === index);
    assertEquals(await read({ shard, startAt: 2 }), own.slice(2));
  }
});
