import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "../support/assert.ts";
import {
  type GoldenArray,
  goldenCases,
  goldenRows,
} from "../support/golden/golden_operators.ts";
import { plainNeuronQuality } from "../support/golden/plain.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import {
  type NeuronQuality,
  neuronQuality,
} from "../../src/dataset/neuron_quality.ts";
import { itemAt } from "../support/item_at.ts";

/** deepSTRF's choice of half splits. */
const FIRST = { splits: "first" } as const;

const golden = goldenCases<GoldenArray[], NeuronQuality>("neuronQuality");
for (const { name, params, input, output } of golden) {
  Deno.test(`neuronQuality equals NumPy: ${name}, ${input.map((x) => x.shape)}`, () => {
    const asFloat64 = input.map(goldenRows);
    const asFloat32 = asFloat64.map((rows) =>
      rows.map((row) => Float32Array.from(row))
    );
    const stored = itemAt(input, 0).data instanceof Float32Array
      ? asFloat32
      : asFloat64;
    assertQuality(
      neuronQuality(stored, {
        ...FIRST,
        maxCcmaxIters: itemAt([params.maxSplits], 0),
      }),
      output,
    );
  });
}

Deno.test("neuronQuality equals the plain average of every half", () => {
  const random = seeded(1);
  for (let round = 0; round < 40; round++) {
    const maxSplits = whole(random, 1, 40);
    const stimuli = Array.from(
      { length: whole(random, 1, 4) },
      () => stimulus(whole(random, 2, 9), whole(random, 2, 60), random),
    );
    const { snr, ccmax } = plainNeuronQuality(stimuli, maxSplits);
    assertQuality(
      neuronQuality(stimuli, { ...FIRST, maxCcmaxIters: maxSplits }),
      {
        snr,
        ccmax: Number.isNaN(ccmax) ? null : ccmax,
      },
    );
  }
});

Deno.test("neuronQuality skips stimuli with one repeat or one bin", () => {
  const random = seeded(2);
  const real = stimulus(4, 50, random);
  const alone = neuronQuality([real]);
  const single = stimulus(1, 50, random);
  const short = stimulus(4, 1, random);
  assertEquals(neuronQuality([single, real, short, []]), alone);
  assertEquals(neuronQuality([single, short]), { snr: null, ccmax: null });
  assertEquals(neuronQuality([]), { snr: null, ccmax: null });
});

Deno.test("neuronQuality skips a stimulus with a flat half in ccmax only", () => {
  const random = seeded(3);
  const real = stimulus(4, 50, random);
  const flat = [noise(50, random), new Float64Array(50).fill(0.1)];
  const opposite = noise(50, random);
  const cancels = [
    opposite,
    opposite.map((v) => -v),
    ...stimulus(2, 50, random),
  ];
  const { ccmax } = neuronQuality([real]);
  assertEquals(neuronQuality([real, flat]).ccmax, ccmax);
  assertEquals(neuronQuality([real, cancels]).ccmax, ccmax);
  assertEquals(neuronQuality([flat]).ccmax, null);
});

Deno.test("neuronQuality of equal repeats has no noise and ccmax 1", () => {
  const one = Float64Array.of(0, 1, 0, 3, 0, 1, 0, 3);
  const { snr, ccmax } = neuronQuality([[one, one.slice(), one.slice()]]);
  assertAlmostEquals(ccmax ?? 0, 1, 1e-12);
  // Unbiased variance 12 / 7, divided by the noise floor.
  assertAlmostEquals(snr ?? 0, 12 / 7 / 1e-12, 1);
});

Deno.test("neuronQuality reads one stimulus at a time and changes none", () => {
  const random = seeded(4);
  let held = 0;
  const before: Float64Array[][] = [];
  const after: Float64Array[][] = [];
  function* stimuli(): Generator<Float64Array[]> {
    for (let i = 0; i < 5; i++) {
      assertEquals(held++, i);
      const repeats = stimulus(3, 20, random);
      before.push(repeats.map((repeat) => repeat.slice()));
      after.push(repeats);
      yield repeats;
    }
  }
  neuronQuality(stimuli());
  assertEquals(after, before);
});

Deno.test("neuronQuality refuses ragged repeats, bins that are not finite and 0 splits", () => {
  const random = seeded(5);
  const ragged = [noise(5, random), noise(5, random), noise(6, random)];
  assertThrows(
    () => neuronQuality([ragged]),
    RangeError,
    "Cannot measure quality: length of repeat 2 is 6, expected 5 as repeat 0",
  );
  const holed = stimulus(3, 5, random);
  itemAt(holed, 1)[4] = NaN;
  assertThrows(
    () => neuronQuality([holed]),
    RangeError,
    "Cannot measure quality: variance of repeat 1 is NaN, expected finite bins",
  );
  assertThrows(
    () => neuronQuality([], { maxCcmaxIters: 0 }),
    RangeError,
    "Cannot measure quality: maxCcmaxIters is 0, expected 1 to 9007199254740991",
  );
});

Deno.test("computeNeuronQuality: a bin that was made NaN gives its cell null", () => {
  const dataset = randomDataset(3);
  const quality = (): unknown[] =>
    dataset.nrnMeta.map(({ snr, ccmax }) => [snr, ccmax]);
  dataset.computeNeuronQuality();
  const before = quality();
  const heard = dataset.nrnMasks.findIndex((row) => row[0]);
  itemAt(itemAt(dataset.responses, heard), 0).data[0] = NaN;
  dataset.computeNeuronQuality();
  assertEquals(quality(), [[null, null], ...before.slice(1)]);
});

Deno.test("neuronQuality: random splits have no bias, first splits have", () => {
  const random = seeded(6);
  // Repeats drift; the first splits separate early repeats from late ones.
  const bins = 200;
  const [early, late] = [noise(bins, random), noise(bins, random)];
  const repeats = Array.from({ length: 16 }, (_, r) => {
    const own = noise(bins, random);
    return own.map((v, t) =>
      v + ((15 - r) * itemAt(early, t) + r * itemAt(late, t)) / 8
    );
  });
  const truth = neuronQuality([repeats], { maxCcmaxIters: 10_000 }).ccmax ?? 0;
  const drawn = neuronQuality([repeats]).ccmax ?? 0;
  const first = neuronQuality([repeats], FIRST).ccmax ?? 0;
  assert(Math.abs(drawn - truth) < 0.01, `${drawn} for ${truth}`);
  assert(truth - first > 0.02, `${first} for ${truth}`);
  assertEquals(neuronQuality([repeats]).ccmax, drawn);
  assertThrows(
    () => neuronQuality([], { splits: "last" as "first" }),
    RangeError,
    "splits is last, expected random or first",
  );
});

Deno.test("neuronQuality: up to ten repeats both options use every split", () => {
  const random = seeded(7);
  for (const count of [2, 5, 10, 11]) {
    const repeats = [stimulus(count, 50, random)];
    assertEquals(neuronQuality(repeats), neuronQuality(repeats, FIRST));
  }
});

/** Repeats of one response, each with different noise. */
function stimulus(
  count: number,
  bins: number,
  random: () => number,
): Float64Array[] {
  const common = noise(bins, random);
  return Array.from(
    { length: count },
    () => noise(bins, random).map((value, t) => value + itemAt(common, t)),
  );
}

function assertQuality(actual: NeuronQuality, expected: NeuronQuality): void {
  for (const key of ["snr", "ccmax"] as const) {
    const [a, e] = [actual[key], expected[key]];
    if (a === null || e === null) assertEquals(a, e, key);
    else assertAlmostEquals(a, e, 1e-9 * Math.max(1, Math.abs(e)), key);
  }
}
