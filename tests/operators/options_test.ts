import {
  bin,
  type CellResponse,
  crcnsAc1Pipeline,
  detrend,
  gate,
  mapResponses,
  mask,
  normalize,
  parallel,
  RecordingError,
  type Session,
  shuffleBuffer,
  signal,
  smooth,
  spectrogram,
  wingert2026Pipeline,
} from "rxephys";
import { EMPTY, type MonoTypeOperatorFunction } from "rxjs";
import { assertRejects, assertThrows } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { pass, someSession } from "./_operator_cases.ts";

type Operator = MonoTypeOperatorFunction<Session>;

/** A misspelt option of every operator, and the end of the error. */
const MISSPELT: readonly (readonly [() => Operator, string])[] = [
  [() => bin(of({ dt: 5 })), "bin: there is no option dt, expected dtMs"],
  [
    () => detrend(of({ medianMS: 50 })),
    "detrend: there is no option medianMS, expected medianMs",
  ],
  [
    () => gate(of({ stepMV: 3 })),
    "gate: there is no option stepMV, expected stepMv",
  ],
  [
    () => signal(of({ threshold: 3 })),
    "derive the signal: there is no option threshold, expected thresholdSigma",
  ],
  [
    () => smooth(of({ window: 21 })),
    "smooth: there is no option window, expected windowMs",
  ],
  [
    () => spectrogram(of({ fmax: 1e4 })),
    "make a spectrogram: there is no option fmax, expected fmaxHz",
  ],
  [
    () => mask(of({ audioRate: 96_000 })),
    "mask: there is no option audioRate, expected audioRateHz",
  ],
  [
    () => normalize(of({ range: 1 })),
    "normalize: there is no option range, expected ranges",
  ],
  [
    () => parallel(of({ worker: 2 })),
    "read in workers: there is no option worker, expected workers",
  ],
  [
    () => shuffleBuffer(of({ start: 2 })),
    "shuffle: there is no option start, expected startAt",
  ],
  [
    () => crcnsAc1Pipeline(of({ stimulus: "waveform" })),
    "run the pipeline: there is no option stimulus, expected stimuli",
  ],
  [
    () => wingert2026Pipeline(of({ method: "global" })),
    "run the pipeline: there is no option method, expected " +
    "normalize, logOffset, ranges, onRanges, stimuli, audioRateHz, parallel",
  ],
];

/** Passes options as a program without types would. */
function of(options: object): object {
  return options;
}

for (const [call, message] of MISSPELT) {
  Deno.test(`operators: refuses to ${message}`, () => {
    assertThrows(call, RangeError, `Cannot ${message}`);
  });
}

Deno.test("operators: refuse options that are null or an Observable", () => {
  assertThrows(
    () => bin(null as unknown as undefined),
    TypeError,
    "Cannot bin: options is null, expected an object",
  );
  assertThrows(
    () => EMPTY.pipe(bin as unknown as Operator),
    TypeError,
    "Cannot bin: options is an Observable, expected bin() in pipe(), not bin",
  );
  assertThrows(
    () => bin({ dtMs: "5" as unknown as number }),
    TypeError,
    'Cannot bin: dtMs is "5", expected a number',
  );
});

Deno.test("detrend: refuses binned responses", async () => {
  const [binned] = await pass(bin(), someSession());
  const [session] = await pass(detrend(), binned);
  const presentation = itemAt(await session.presentations(), 0);
  await assertRejects(
    () => presentation.read(),
    RecordingError,
    "Cannot detrend: responses to a have bins of 5 ms, expected detrend() " +
      "before bin()",
  );
});

/** Invalid results of a user's function, and the error. */
const MISTAKES: readonly (readonly [
  unknown,
  typeof TypeError | typeof RangeError,
  string,
])[] = [
  [undefined, TypeError, "returns undefined for"],
  [[1, 2], TypeError, "returns an array for"],
  [Float64Array.of(1), TypeError, "returns an array of samples for"],
  [{ repeats: [[1, 2]] }, TypeError, "returns an object without repeats of"],
  [
    { repeats: [Float64Array.of(1), Float64Array.of(1, NaN)] },
    RangeError,
    "returns NaN at sample 1 of repeat 1 for",
  ],
  [
    { repeats: [Float32Array.of(-Infinity)] },
    RangeError,
    "returns -Infinity at sample 0 of repeat 0 for",
  ],
];

for (const [returned, error, message] of MISTAKES) {
  Deno.test(`mapResponses: names a function that ${message} ...`, async () => {
    const louder = (): CellResponse => returned as CellResponse;
    const [session] = await pass(mapResponses(louder), someSession());
    const presentation = itemAt(await session.presentations(), 0);
    await assertRejects(
      () => presentation.read(),
      error,
      `Cannot map responses: the function louder ${message}`,
    );
    await assertRejects(
      () => presentation.read(),
      error,
      'cell 0 of session "some" and stimulus "a", expected ',
    );
  });
}
