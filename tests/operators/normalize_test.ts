import {
  normalize,
  type NormalizeRanges,
  RecordingError,
  type Session,
  type Tensor,
} from "rxephys";
import {
  EMPTY,
  from,
  lastValueFrom,
  NEVER,
  of,
  take,
  throwError,
  toArray,
} from "rxjs";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "../support/assert.ts";
import { withLineage } from "../../src/stream/lineage.ts";
import { itemAt } from "../support/item_at.ts";
import {
  normalizeReference,
  type ReadLog,
  tensorSession,
} from "./_normalize_case.ts";

const REFERENCE = normalizeReference();

/** The reference's content as two sessions with two cells each. */
function sessions(log: ReadLog = []): Session[] {
  const { stimuli, responses } = REFERENCE;
  const bySession = (cells: number[]): (number[][] | null)[][] =>
    cells.map((n) => {
      const [first = null, second = null] = itemAt(responses, n);
      return [first, second, null];
    });
  return [
    tensorSession("a", stimuli.slice(0, 2), bySession([0, 1]), { log }),
    tensorSession(
      "b",
      [itemAt(stimuli, 2), itemAt(stimuli, 0)],
      bySession([2, 3]),
      {
        log,
        cellIds: ["b-2", "b-3"],
      },
    ),
  ];
}

interface Content {
  readonly stimuli: number[][];
  readonly responses: number[][][][];
}

async function contentOf(all: readonly Session[]): Promise<Content> {
  const stimuli: number[][] = [];
  const responses: number[][][][] = [];
  for (const session of all) {
    const own: number[][][][] = session.cells.map(() => []);
    for (const { stimulus, read } of await session.presentations()) {
      const { data } = await stimulus.read() as Tensor;
      stimuli.push([...data]);
      for (const [n, response] of (await read()).responses.entries()) {
        if (response === null) continue;
        itemAt(own, n).push(response.repeats.map((repeat) => [...repeat]));
      }
    }
    responses.push(...own);
  }
  return { stimuli, responses };
}

async function normalized(
  options: Parameters<typeof normalize>[0],
  all: Session[] = sessions(),
): Promise<Content> {
  return await contentOf(
    await lastValueFrom(from(all).pipe(normalize(options), toArray())),
  );
}

Deno.test("normalize: global equals NumPy's float32 exactly", async () => {
  const seen: [NormalizeRanges, string][] = [];
  const { stimuli, responses } = await normalized({
    method: "global",
    onRanges: (ranges, origin) => seen.push([ranges, origin]),
  });
  const { global } = REFERENCE;
  assertEquals(stimuli, [0, 1, 2, 0].map((s) => global.stimuli[s]));
  assertEquals(responses, global.responses as number[][][][]);
  const stimulus = itemAt(global.ranges, 0);
  const response = itemAt(global.ranges, 1);
  assertEquals(seen, [[
    { method: "global", stimulus, response },
    "first-pass",
  ]]);
});

Deno.test("normalize: bandAndNeuron equals the public loader", async () => {
  const seen: NormalizeRanges[] = [];
  const { stimuli, responses } = await normalized({
    onRanges: (ranges) => seen.push(ranges),
  });
  const expected = REFERENCE.bandAndNeuron;
  assertEquals(responses, expected.responses as number[][][][]);
  for (const [i, s] of [0, 1, 2, 0].entries()) {
    for (const [at, value] of itemAt(expected.stimuli, s).entries()) {
      // NumPy computes the logarithm in float32, of a rounded argument.
      assertAlmostEquals(itemAt(itemAt(stimuli, i), at), value, 1e-6);
    }
  }
  const ranges = itemAt(seen, 0);
  assert(ranges.method === "bandAndNeuron");
  assertEquals(Object.keys(ranges.neurons), ["a/0", "a/1", "b-2", "b-3"]);
  for (const [band, range] of expected.bands.entries()) {
    const found = itemAt(ranges.bands, band);
    assertAlmostEquals(found[0], range[0], 1e-6);
    assertAlmostEquals(found[1], range[1], 1e-6);
  }
});

Deno.test("normalize: method none changes and reads nothing", async () => {
  const log: ReadLog = [];
  const given = sessions(log);
  const out = await lastValueFrom(
    from(given).pipe(normalize({ method: "none" }), toArray()),
  );
  assertEquals(out, given);
  assertEquals(log, []);
});

Deno.test("normalize: the first read makes one pass, then reads its item again", async () => {
  const log: ReadLog = [];
  const a = itemAt(
    await lastValueFrom(
      from(sessions(log)).pipe(normalize(), toArray()),
    ),
    0,
  );
  assertEquals(log, []);
  const first = itemAt(await a.presentations(), 0);
  assertEquals(log, ["a list"]);
  await Promise.all([first.stimulus.read(), first.read()]);
  const pass = [
    ...["a list", "a stimulus 0", "a responses 0"],
    ...["a stimulus 1", "a responses 1"],
    ...["b list", "b stimulus 0", "b responses 0"],
    ...["b stimulus 1", "b responses 1"],
  ];
  assertEquals(log.slice(1), [...pass, "a stimulus 0", "a responses 0"]);
});

for (const method of ["global", "bandAndNeuron"] as const) {
  Deno.test(`normalize: ${method} with given ranges makes no pass`, async () => {
    let found: NormalizeRanges | undefined;
    const exact = await normalized({ method, onRanges: (r) => found = r });
    // Ranges as a user stores them.
    const ranges: NormalizeRanges = JSON.parse(JSON.stringify(found));
    const log: ReadLog = [];
    const origins: string[] = [];
    const again = await normalized(
      { method, ranges, onRanges: (_, origin) => origins.push(origin) },
      sessions(log),
    );
    assertEquals(again, exact);
    assertEquals(origins, ["given"]);
    assertEquals(log.filter((read) => read === "a stimulus 0").length, 1);
  });
}

Deno.test("normalize: maps a part by the range of its whole session", async () => {
  const whole = itemAt(sessions(), 0);
  const part = withLineage({
    id: "a",
    cells: whole.cells,
    presentations: async () => (await whole.presentations()).slice(1),
  }, { whole });
  const { stimuli } = await normalized({ method: "global" }, [part]);
  const [low, high] = extremes(REFERENCE.stimuli.slice(0, 2));
  const { data } = itemAt(REFERENCE.stimuli, 1);
  const width = Math.fround(high - low);
  assertEquals(stimuli, [
    data.map((x) => Math.fround(Math.fround(x - low) / width)),
  ]);
});

function extremes(stimuli: readonly { data: number[] }[]): [number, number] {
  const all = stimuli.flatMap(({ data }) => data);
  return [Math.min(...all), Math.max(...all)];
}

for (const isListed of [false, true]) {
  Deno.test(
    `normalize: a stimulus without responses ${
      isListed ? "counts with" : "is ignored without"
    } a cell table`,
    async () => {
      const loud = { shape: [1, 1, 2], data: [0, 100] };
      const soft = { shape: [1, 1, 2], data: [0, 2] };
      const session = tensorSession("x", [loud, soft], [[null, [[1, 0]]]], {
        ...(isListed && { cellNumbers: [0] }),
      });
      const { stimuli } = await normalized({ method: "global" }, [session]);
      assertEquals(stimuli[1], [0, Math.fround(isListed ? 0.02 : 1)]);
    },
  );
}

Deno.test("normalize: keeps a single value, but sets a band with a single value to 0", async () => {
  const flat = tensorSession(
    "x",
    [{ shape: [1, 1, 2], data: [3, 3] }],
    [[[[2, 2]]]],
  );
  assertEquals(await normalized({ method: "global" }, [flat]), {
    stimuli: [[3, 3]],
    responses: [[[[2, 2]]]],
  });
  assertEquals(await normalized({}, [flat]), {
    stimuli: [[0, 0]],
    responses: [[[[2, 2]]]],
  });
});

Deno.test("normalize: leaves its input unchanged", async () => {
  const kept = Float32Array.of(0, 5);
  const session: Session = {
    ...tensorSession("x", [], [[]]),
    presentations: () =>
      Promise.resolve([{
        stimulus: {
          key: "x",
          meta: {},
          durationMs: 20,
          read: () =>
            Promise.resolve({ data: kept, shape: [1, 1, 2], dtMs: 10 }),
        },
        read: () =>
          Promise.resolve({
            responses: [{
              kind: "spikes",
              rateHz: 100,
              scale: 1,
              repeats: [kept],
            }],
            tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
          }),
      }]),
  };
  for (const method of ["global", "bandAndNeuron"] as const) {
    await normalized({ method }, [session]);
    assertEquals(kept, Float32Array.of(0, 5));
  }
});

Deno.test("normalize: passes on completion, an error and unsubscribing", async () => {
  assertEquals(await lastValueFrom(EMPTY.pipe(normalize(), toArray())), []);
  const fault = new RecordingError("no");
  await assertRejects(
    () => lastValueFrom(throwError(() => fault).pipe(normalize())),
    RecordingError,
    "no",
  );
  NEVER.pipe(normalize()).subscribe().unsubscribe();
  const one = from(sessions()).pipe(normalize(), take(1), toArray());
  assertEquals((await lastValueFrom(one)).map(({ id }) => id), ["a"]);
});

Deno.test("normalize: every subscription makes a separate pass", async () => {
  const log: ReadLog = [];
  const stream = from(sessions(log)).pipe(normalize(), toArray());
  const first = await contentOf(await lastValueFrom(stream));
  const reads = log.length;
  assertEquals(await contentOf(await lastValueFrom(stream)), first);
  assertEquals(log.length, 2 * reads);
});

Deno.test("normalize: an aborted reader ends the pass, the next reader starts another", async () => {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const ends: unknown[] = [];
  let holds = true;
  const plain = itemAt(sessions(), 0);
  const slow: Session = {
    id: "slow",
    cells: plain.cells,
    presentations: async (options) => {
      const all = await plain.presentations(options);
      if (!holds) return all;
      holds = false;
      options?.signal?.addEventListener("abort", () => held.resolve());
      reached.resolve();
      await held.promise;
      ends.push(options?.signal?.aborted);
      return all;
    },
  };
  const fast = itemAt(sessions(), 1);
  const both = await lastValueFrom(
    of(fast, slow).pipe(normalize({ method: "global" }), toArray()),
  );
  const { stimulus } = itemAt(await itemAt(both, 0).presentations(), 0);
  const controller = new AbortController();
  const read = stimulus.read({ signal: controller.signal });
  await reached.promise;
  controller.abort(new RangeError("enough"));
  await assertRejects(() => read, RangeError, "enough");
  await held.promise;
  const { data } = await stimulus.read() as Tensor;
  assertEquals(data.length, itemAt(REFERENCE.stimuli, 2).data.length);
  assertEquals(ends, [true]);
});
