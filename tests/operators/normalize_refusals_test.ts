import { normalize, RecordingError, type Session } from "rxephys";
import { lastValueFrom, of } from "rxjs";
import { assertRejects, assertThrows } from "../support/assert.ts";
import { tensorSession } from "./_normalize_case.ts";

/** Normalizes a session and reads all of it. */
async function normalized(
  options: Parameters<typeof normalize>[0],
  session: Session,
): Promise<void> {
  const out = await lastValueFrom(of(session).pipe(normalize(options)));
  for (const { stimulus, read } of await out.presentations()) {
    await stimulus.read();
    await read();
  }
}

Deno.test("normalize: refuses a value without a logarithm", async () => {
  const negative = tensorSession(
    "x",
    [{ shape: [1, 1, 2], data: [1, -0.5] }],
    [[[[1]]]],
  );
  await assertRejects(
    () => normalized({}, negative),
    RecordingError,
    "stimulus x/0 has the value -0.5, expected one above -0.1",
  );
});

Deno.test("normalize: refuses ranges that lack a band or a cell", async () => {
  const bands: [number, number][] = Array.from({ length: 5 }, () => [0, 1]);
  const session = tensorSession(
    "a",
    [{ shape: [1, 5, 1], data: [1, 2, 3, 4, 5] }],
    [[[[1]]], [[[1]]]],
  );
  const ranges = (neurons: Record<string, [number, number]>, count = 5) => ({
    ranges: {
      method: "bandAndNeuron" as const,
      bands: bands.slice(0, count),
      neurons,
    },
  });
  await assertRejects(
    () => normalized(ranges({ "a/0": [0, 1] }), session),
    RangeError,
    "Cannot normalize: ranges.neurons has no a/1, expected a range",
  );
  await assertRejects(
    () => normalized(ranges({}, 4), session),
    RangeError,
    "shape of stimulus a/0 is [1,5,1], expected [1,4,T] for 4 ranges of bands",
  );
});

const BAD: readonly [unknown, typeof RangeError | typeof TypeError, string][] =
  [
    [
      { method: "zscore" },
      TypeError,
      "Cannot normalize: method is zscore, expected none, global or bandAndNeuron",
    ],
    [
      { method: "global", ranges: { method: "bandAndNeuron" } },
      RangeError,
      "ranges.method is bandAndNeuron, expected global as method",
    ],
    [
      { method: "global", ranges: { method: "global", stimulus: [0, 1] } },
      TypeError,
      "ranges.response is undefined, expected [min, max]",
    ],
    [
      {
        method: "global",
        ranges: { method: "global", stimulus: [0, NaN], response: [0, 1] },
      },
      RangeError,
      "ranges.stimulus[1] is NaN, expected at least 0",
    ],
    [
      { ranges: { method: "bandAndNeuron", bands: [[2, 1]], neurons: {} } },
      RangeError,
      "ranges.bands[0][1] is 1, expected at least 2",
    ],
    [
      { ranges: { method: "bandAndNeuron", neurons: {} } },
      TypeError,
      "ranges.bands is undefined, expected a list",
    ],
    [
      { ranges: { method: "bandAndNeuron", bands: [], neurons: { x: 3 } } },
      TypeError,
      'ranges.neurons["x"] is 3, expected [min, max]',
    ],
  ];

for (const [options, type, message] of BAD) {
  Deno.test(`normalize: refuses ${JSON.stringify(options)}`, () => {
    assertThrows(
      () => normalize(options as Parameters<typeof normalize>[0]),
      type,
      message,
    );
  });
}
