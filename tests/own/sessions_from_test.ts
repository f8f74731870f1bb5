import {
  bin,
  detrend,
  mask,
  type OwnSession,
  sessionsFrom,
  signal,
  spectrogram,
  toDataset,
} from "rxephys";
import fc from "fast-check";
import { lastValueFrom, toArray } from "rxjs";
import { assertEquals, assertThrows } from "../support/assert.ts";

const TONE = {
  key: "tone",
  waveform: {
    samples: Float32Array.from({ length: 4410 }, (_, i) => Math.sin(i / 9)),
    rateHz: 44_100,
  },
};

function withSpikes(
  timesMs: (number[][] | null)[],
  more: Record<string, unknown> = {},
): OwnSession {
  return {
    id: "one",
    cells: timesMs.map((_, at) => ({ cellId: `cell ${at}` })),
    presentations: [{ stimulus: TONE, spikes: { timesMs, dtMs: 5, ...more } }],
  };
}

async function countsOf(session: OwnSession): Promise<unknown[]> {
  const [made] = await lastValueFrom(sessionsFrom([session]).pipe(toArray()));
  const [presentation] = await made?.presentations() ?? [];
  const { responses } = await presentation?.read() ?? { responses: [] };
  return responses.map((response) =>
    response && response.repeats.map((repeat) => [...repeat])
  );
}

Deno.test("sessionsFrom: counts spikes into bins; a silent trial is zeros", async () => {
  const counts = await countsOf(
    withSpikes([[[99.9, 0, 4.9, 5], []], null, [[50]]]),
  );
  const bins = (filled: Record<number, number>): number[] =>
    Array.from({ length: 20 }, (_, at) => filled[at] ?? 0);
  assertEquals(counts, [
    [bins({ 0: 2, 1: 1, 19: 1 }), bins({})],
    null,
    [bins({ 10: 1 })],
  ]);
});

Deno.test("sessionsFrom: every spike counts once, for any times and bins", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0, max: 99.999, noNaN: true })),
      fc.integer({ min: 1, max: 20 }).filter((n) => 100 % n === 0),
      async (times, dtMs) => {
        const all = await countsOf(withSpikes([[times]], { dtMs }));
        const [counts] = (all as number[][][]).flat();
        const plain = Array.from(
          { length: 100 / dtMs },
          (_, at) =>
            times.filter((t) => t >= at * dtMs && t < (at + 1) * dtMs).length,
        );
        assertEquals(counts, plain);
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});

Deno.test("sessionsFrom: spikes outside the stimulus are dropped on request", async () => {
  const timesMs = [[[-20, 50, 100, 300]]];
  const counts = await countsOf(withSpikes(timesMs, { outside: "drop" }));
  const [kept = []] = (counts as number[][][]).flat();
  assertEquals(kept.reduce((sum, count) => sum + count, 0), 1);
});

Deno.test("sessionsFrom: spikes and sounds become a dataset", async () => {
  const sessions = sessionsFrom([
    withSpikes([[[12.5, 80], []], null]),
    { ...withSpikes([[[1]]]), id: "two" },
  ]);
  const dataset = await lastValueFrom(
    sessions.pipe(
      spectrogram({ dtMs: 5, fmaxHz: 20_000 }),
      mask(),
      toDataset(),
    ),
  );
  assertEquals([dataset.N, dataset.S, dataset.dt], [2, 1, 5]);
  assertEquals(dataset.signalType, "spikes");
  assertEquals(dataset.nrnMeta.map(({ cellId }) => cellId), [
    "cell 0",
    "cell 0",
  ]);
  assertEquals(dataset.stimMeta[0]?.durationS, 0.1);
  assertEquals(dataset.responses[0]?.map(({ shape }) => shape), [[2, 20], [
    1,
    20,
  ]]);
});

Deno.test("sessionsFrom: traces go through the chain of whole cells", async () => {
  const trace = Float64Array.from({ length: 400 }, (_, i) => Math.sin(i));
  const sessions = sessionsFrom([{
    id: "one",
    cells: [{ recordingType: "whole-cell" }],
    presentations: [{
      stimulus: TONE,
      traces: { repeats: [[trace, [...trace]]], rateHz: 4000 },
    }],
  }]);
  const dataset = await lastValueFrom(
    sessions.pipe(
      detrend(),
      signal(),
      bin(),
      spectrogram({ fmaxHz: 20_000 }),
      mask(),
      toDataset(),
    ),
  );
  assertEquals(dataset.signalType, "subthresh");
  assertEquals(dataset.responses[0]?.[0]?.shape, [2, 20]);
});

Deno.test("sessionsFrom: a spectrogram is a tensor as it is", async () => {
  const bands = [[1, 2, 3, 4], [5, 6, 7, 8]];
  const sessions = sessionsFrom([{
    id: "one",
    cells: [{}],
    presentations: [{
      stimulus: {
        key: "a",
        spectrogram: { bands, dtMs: 10, unit: "dB" },
        meta: { category: "song" },
      },
      spikes: { timesMs: [[[39]]], dtMs: 10 },
    }],
  }]);
  const dataset = await lastValueFrom(sessions.pipe(mask(), toDataset()));
  assertEquals(dataset.stims[0]?.shape, [1, 2, 4]);
  assertEquals([...dataset.stims[0]?.data ?? []], bands.flat());
  assertEquals([...dataset.responses[0]?.[0]?.data ?? []], [0, 0, 0, 1]);
  assertEquals(dataset.stimMeta, [{ durationS: 0.04, category: "song" }]);
});

Deno.test("sessionsFrom: none is an empty stream, each subscription starts anew", async () => {
  assertEquals(await lastValueFrom(sessionsFrom([]).pipe(toArray())), []);
  const sessions = sessionsFrom([withSpikes([[[1]]])]);
  for (let time = 0; time < 2; time++) {
    assertEquals((await lastValueFrom(sessions.pipe(toArray()))).length, 1);
  }
});

Deno.test("sessionsFrom: a read that starts aborted rejects with the reason", async () => {
  const signal = AbortSignal.abort(new Error("left"));
  const [session] = await lastValueFrom(
    sessionsFrom([withSpikes([[[1]]])]).pipe(toArray()),
  );
  const [presentation] = await session?.presentations() ?? [];
  for (
    const read of [
      (): unknown => session?.presentations({ signal }),
      (): unknown => presentation?.read({ signal }),
      (): unknown => presentation?.stimulus.read({ signal }),
    ]
  ) {
    const error = await Promise.resolve().then(read).catch((error) => error);
    assertEquals(String(error), "Error: left");
  }
});

type Change = (session: Record<string, unknown>) => unknown;

const changed = (more: Record<string, unknown>): Change => (session) => ({
  ...session,
  ...more,
});
const presented = (more: Record<string, unknown>): Change =>
  changed({
    presentations: [{
      stimulus: TONE,
      spikes: { timesMs: [[[1]]], dtMs: 5 },
      ...more,
    }],
  });
const stimulus = (more: Record<string, unknown>): Change =>
  presented({ stimulus: { ...TONE, ...more } });
const spikes = (more: Record<string, unknown>): Change =>
  presented({ spikes: { timesMs: [[[1]]], dtMs: 5, ...more } });
const traces = (more: Record<string, unknown>): Change =>
  presented({
    spikes: undefined,
    traces: { repeats: [[[1, 2]]], rateHz: 100, ...more },
  });

const S = "sessions[0]";
const P = `${S}.presentations[0]`;
const BAD: readonly [Change, string][] = [
  [() => 5, `${S} is 5, expected an object`],
  [changed({ name: "x" }), `${S} has no field name, expected id, cells, `],
  [changed({ id: "" }), `${S}.id is "", expected a text that is not empty`],
  [changed({ id: undefined }), `${S}.id is undefined, expected a text`],
  [changed({ cells: [] }), `${S}.cells is empty, expected one cell at least`],
  [changed({ cells: {} }), `${S}.cells is [object Object], expected an array`],
  [changed({ cells: ["a"] }), `${S}.cells[0] is "a", expected an object`],
  [
    changed({ cells: [{ depth: NaN }] }),
    `${S}.cells[0].depth is NaN, expected a text, a finite number`,
  ],
  [
    changed({ presentations: undefined }),
    `${S}.presentations is undefined, expected an array of presentations`,
  ],
  [presented({ stimuli: 1 }), `${P} has no field stimuli, expected stimulus`],
  [
    presented({ spikes: undefined }),
    `${P} has neither traces nor spikes, expected one of them`,
  ],
  [
    presented({ traces: {} }),
    `${P} has both traces and spikes, expected one of them`,
  ],
  [presented({ stimulus: null }), `${P}.stimulus is null, expected an object`],
  [stimulus({ key: 7 }), `${P}.stimulus.key is 7, expected a text`],
  [
    stimulus({ spectrogram: {} }),
    `${P}.stimulus has both waveform and spectrogram, expected one of them`,
  ],
  [
    stimulus({ waveform: { samples: [0.5, NaN], rateHz: 10 } }),
    `${P}.stimulus.waveform.samples[1] is NaN, expected a finite number`,
  ],
  [
    stimulus({ waveform: { samples: [], rateHz: 10 } }),
    `${P}.stimulus.waveform.samples.length is 0, expected one number at least`,
  ],
  [
    stimulus({ waveform: { samples: [1] } }),
    `${P}.stimulus.waveform.rateHz is undefined, expected a number above 0`,
  ],
  [
    stimulus({ waveform: { samples: ["1"], rateHz: 10 } }),
    `${P}.stimulus.waveform.samples[0] is "1", expected a number`,
  ],
  [
    stimulus({ waveform: { samples: "song.wav", rateHz: 10 } }),
    `${P}.stimulus.waveform.samples is "song.wav", expected an array of numbers`,
  ],
  [
    stimulus({ durationMs: -1 }),
    `${P}.stimulus.durationMs is -1, expected a number above 0`,
  ],
  [
    stimulus({
      waveform: undefined,
      spectrogram: { bands: [[1, 2], [1]], dtMs: 5 },
    }),
    `${P}.stimulus.spectrogram.bands[1].length is 1, expected 2 as in the first`,
  ],
  [
    stimulus({ waveform: undefined, spectrogram: { bands: [], dtMs: 5 } }),
    `${P}.stimulus.spectrogram.bands.length is 0, expected one band at least`,
  ],
  [spikes({ dtMs: 0 }), `${P}.spikes.dtMs is 0, expected a number above 0`],
  [spikes({ dt: 5 }), `${P}.spikes has no field dt, expected dtMs`],
  [
    spikes({ timesMs: [[[1]], [[1]]] }),
    `${P}.spikes.timesMs.length is 2, expected 1, one entry per cell`,
  ],
  [
    spikes({ timesMs: [[]] }),
    `${P}.spikes.timesMs[0].length is 0, expected one trial at least, or null`,
  ],
  [
    spikes({ timesMs: [[1, 2]] }),
    `${P}.spikes.timesMs[0][0] is 1, expected an array of numbers`,
  ],
  [
    spikes({ timesMs: [[[], [5, NaN]]] }),
    `${P}.spikes.timesMs[0][1][1] is NaN, expected a finite number`,
  ],
  [
    spikes({ timesMs: [[[100]]] }),
    `${P}.spikes.timesMs[0][0][0] is 100, expected 0 to below 100, or outside: "drop"`,
  ],
  [
    spikes({ outside: "ignore" }),
    `${P}.spikes.outside is "ignore", expected error or drop`,
  ],
  [
    traces({ rateHz: Infinity }),
    `${P}.traces.rateHz is Infinity, expected a number above 0`,
  ],
  [
    traces({ rateHz: 1e9 }),
    `${P}.traces.rateHz is 1000000000, expected at most 1000000 Hz`,
  ],
  [
    traces({ repeats: [[[1], [2, Infinity]]] }),
    `${P}.traces.repeats[0][1][1] is Infinity, expected a finite number`,
  ],
  [
    traces({ kind: "lfp" }),
    `${P}.traces.kind is "lfp", expected raw, subthresh, spikes`,
  ],
];

for (const [change, message] of BAD) {
  Deno.test(`sessionsFrom: refuses a session where ${message}`, () => {
    const session = withSpikes([[[1]]]) as unknown as Record<string, unknown>;
    const error = assertThrows(
      () => sessionsFrom([change(session) as OwnSession]),
      Error,
      `Cannot make sessions: ${message}`,
    );
    const isOurs = error instanceof RangeError || error instanceof TypeError;
    assertEquals(isOurs, true);
  });
}

Deno.test("sessionsFrom: refuses what is no list", () => {
  assertThrows(
    () => sessionsFrom({} as OwnSession[]),
    TypeError,
    "Cannot make sessions: sessions is [object Object], expected an array of sessions",
  );
});

Deno.test("sessionsFrom: refuses two sessions of one id", () => {
  const session = withSpikes([[[1]]]);
  assertThrows(
    () => sessionsFrom([session, session]),
    RangeError,
    'sessions[1].id is "one", that of sessions[0], expected another',
  );
});

Deno.test("sessionsFrom: refuses a stimulus that a session has twice", () => {
  const session = withSpikes([[[1]]]);
  const [presentation] = session.presentations;
  assertThrows(
    () =>
      sessionsFrom([{
        ...session,
        presentations: [presentation, presentation] as OwnSession[
          "presentations"
        ],
      }]),
    RangeError,
    `${S}.presentations[1].stimulus.key is "tone" again, expected one ` +
      "presentation per stimulus, with all repeats",
  );
});

Deno.test("sessionsFrom: refuses different stimuli with one key", () => {
  const other = stimulus({ waveform: { samples: [1], rateHz: 10 } });
  const session = withSpikes([[[1]]]) as unknown as Record<string, unknown>;
  assertThrows(
    () =>
      sessionsFrom([
        withSpikes([[[1]]]),
        { ...other(session) as OwnSession, id: "two" },
      ]),
    RangeError,
    `sessions[1].presentations[0].stimulus differs from ${P}.stimulus, which ` +
      'has the key "tone", too, expected one key per stimulus',
  );
});
