import {
  mapStimuli,
  spectrogram,
  type StimulusFunction,
  type Tensor,
  type Waveform,
} from "rxephys";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass, someSession } from "./_operator_cases.ts";

operatorCases("mapStimuli", () => mapStimuli((read) => read), [{
  call: () => mapStimuli(null as unknown as StimulusFunction),
  error: TypeError,
  message: "Cannot map stimuli: apply is object, expected a function",
}]);

Deno.test("mapStimuli: the function receives stimulus and session, its result is awaited", async () => {
  const seen: unknown[] = [];
  const controller = new AbortController();
  const [session] = await pass(
    mapStimuli(async (read, { session, stimulus, signal }) => {
      await Promise.resolve();
      seen.push([session.id, stimulus.key, signal]);
      return { ...read as Waveform, rateHz: 7 };
    }),
    someSession(),
  );
  const { stimulus, read } = itemAt(await session.presentations(), 0);
  const { signal } = controller;
  assertEquals((await stimulus.read({ signal }) as Waveform).rateHz, 7);
  assertEquals(seen, [["some", "a", signal]]);
  assertEquals((await read()).responses.length, 1);
});

Deno.test("mapStimuli: maps spectrograms", async () => {
  const [bands] = await pass(spectrogram({ fmaxHz: 4000 }), someSession());
  const [session] = await pass(
    mapStimuli((read) =>
      "shape" in read ? { ...read, data: read.data.map(() => 2) } : read
    ),
    bands,
  );
  const { stimulus } = itemAt(await session.presentations(), 0);
  const { data, bandsHz } = await stimulus.read() as Tensor;
  assertEquals([data[0], bandsHz?.length], [2, 32]);
});

/** Invalid results of a user's function, and the error. */
const MISTAKES: readonly (readonly [
  unknown,
  typeof TypeError | typeof RangeError,
  string,
])[] = [
  [undefined, TypeError, "returns undefined for"],
  [Float32Array.of(1), TypeError, "returns an array of samples for"],
  [
    { samples: [1, 2], rateHz: 5 },
    TypeError,
    "returns an object without samples or data in typed arrays for",
  ],
  [
    { data: new Float32Array(5), shape: [1, 2, 3] },
    RangeError,
    "returns 5 values for",
  ],
  [
    { data: Float32Array.of(1, NaN), shape: [1, 1, 2] },
    RangeError,
    "returns NaN at value 1 for",
  ],
];

for (const [returned, error, message] of MISTAKES) {
  Deno.test(`mapStimuli: names a function that ${message} ...`, async () => {
    const louder = (): Waveform => returned as Waveform;
    const [session] = await pass(mapStimuli(louder), someSession());
    const { stimulus } = itemAt(await session.presentations(), 0);
    await assertRejects(
      () => stimulus.read(),
      error,
      `Cannot map stimuli: the function louder ${message} stimulus "a" of ` +
        'session "some", expected',
    );
  });
}
