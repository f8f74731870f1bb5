import type { Tensor } from "../../src/tensor.ts";
import { coherence } from "../../src/metrics/coherence.ts";
import { ccmax } from "../../src/metrics/ccmax.ts";
import { corrcoef } from "../../src/metrics/corrcoef.ts";
import { fve } from "../../src/metrics/fve.ts";
import { mseLoss } from "../../src/metrics/mse_loss.ts";
import { noisePower } from "../../src/metrics/noise_power.ts";
import { normalizedCorrcoef } from "../../src/metrics/normalized_corrcoef.ts";
import { poissonLoss } from "../../src/metrics/poisson_loss.ts";
import type { Reduction } from "../../src/metrics/reduction.ts";
import { signalPower } from "../../src/metrics/signal_power.ts";
import { snr } from "../../src/metrics/snr.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { seeded } from "../support/sessions/traces.ts";
import { tensor } from "./_metrics.ts";

type Values = readonly (number | null)[];

interface Case {
  readonly shape: readonly [number, number, number, number];
  readonly predictions: Values;
  readonly responses: Values;
  readonly mask: {
    readonly shape: readonly number[];
    readonly data: readonly number[];
  } | null;
  /** By metric with its option, and reduction. */
  readonly expected: Readonly<Record<string, Values>>;
}

interface Options {
  readonly validMask?: Tensor;
  readonly reduction: Reduction;
}

type Measure = (
  predictions: Tensor,
  responses: Tensor,
  options: Options,
) => Float64Array | number;

const SPLITS = { splits: "first", maxCcmaxIters: 7 } as const;

/** Metrics of the fixture, by the names there. */
const MEASURES: Readonly<Record<string, Measure>> = {
  corrcoef,
  fve,
  mseLoss,
  poissonLoss,
  coherence,
  "poissonLoss logInput": (p, r, options) =>
    poissonLoss(p, r, { ...options, logInput: true }),
  "poissonLoss eps": (p, r, options) =>
    poissonLoss(p, r, { ...options, eps: 0.1 }),
  signalPower: (_, r, options) => signalPower(r, options),
  noisePower: (_, r, options) => noisePower(r, options),
  snr: (_, r, options) => snr(r, options),
  schoppe: (p, r, options) => normalizedCorrcoef(p, r, options),
  hsu: (p, r, options) =>
    normalizedCorrcoef(p, r, { ...options, ...SPLITS, method: "hsu" }),
};

const FILE = new URL("../fixtures/metric_options.json", import.meta.url);
const cases: Readonly<Record<string, Case>> = JSON.parse(
  Deno.readTextFileSync(FILE),
);

for (
  const [name, { shape, expected, mask, ...arrays }] of Object.entries(cases)
) {
  Deno.test(`metrics with options equal deepSTRF's values: ${name}`, () => {
    const [stimuli, cells, _, bins] = shape;
    const numbers = (values: Values): number[] => values.map((v) => v ?? NaN);
    const p = tensor([stimuli, cells, bins], numbers(arrays.predictions));
    const r = tensor(shape, numbers(arrays.responses));
    const masked = mask && { validMask: tensor(mask.shape, mask.data) };
    for (const [key, values] of Object.entries(expected)) {
      const at = key.lastIndexOf(" ");
      const reduction = key.slice(at + 1) as Reduction;
      const measure = itemAt(MEASURES, key.slice(0, at));
      const actual = [measure(p, r, { ...masked, reduction })].flatMap((own) =>
        typeof own === "number" ? [own] : [...own]
      );
      assertEquals(actual.length, values.length, key);
      for (const [i, value] of values.entries()) {
        const bound = 1e-10 * Math.max(1, Math.abs(value ?? 0));
        const own = itemAt(actual, i);
        const isSame = value === null
          ? Number.isNaN(own)
          : Math.abs(own - value) <= bound;
        assert(isSame, `${key}, cell ${i}: ${own}, not ${value}`);
      }
    }
  });
}

const random = seeded(5);
const noise = (...shape: number[]): Tensor =>
  tensor(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      random() - 0.5),
  );

Deno.test("metrics: a broadcast mask equals the whole one", () => {
  const [p, r] = [noise(3, 2, 10), noise(3, 2, 4, 10)];
  for (const shape of [[3, 2, 4, 1], [1, 2, 1, 10], [4, 10], [2, 1, 10], [1]]) {
    const small = tensor(
      shape,
      Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => random() < 0.8 ? 1 : 0,
      ),
    );
    const own = [...[1, 1, 1, 1].slice(shape.length), ...shape];
    const whole = tensor(
      r.shape,
      r.data.map((_, i) => {
        let [rest, at, block] = [i, 0, 1];
        for (let axis = 3; axis >= 0; axis--) {
          const index = rest % itemAt(r.shape, axis);
          rest = Math.floor(rest / itemAt(r.shape, axis));
          at += (itemAt(own, axis) === 1 ? 0 : index) * block;
          block *= itemAt(own, axis);
        }
        return itemAt([...small.data], at);
      }),
    );
    for (const measure of Object.values(MEASURES)) {
      assertEquals(
        measure(p, r, { validMask: small, reduction: "none" }),
        measure(p, r, { validMask: whole, reduction: "none" }),
      );
    }
  }
});

Deno.test("metrics: reductions leave out cells without a number", () => {
  const r = noise(1, 3, 2, 8);
  r.data.fill(NaN, 16, 32);
  const [a = NaN, b, c = NaN] = snr(r);
  assert(Number.isNaN(b));
  assertEquals(snr(r, { reduction: "sum" }), a + c);
  assertEquals(
    snr(r, { reduction: "mean" }),
    (a + c) / 2,
  );
  r.data.fill(NaN);
  assertEquals(ccmax(r, { reduction: "mean" }), NaN);
  assertEquals(ccmax(r, { reduction: "sum" }), 0);
});

Deno.test("metrics refuse bad options", () => {
  const [p, r] = [noise(1, 1, 4), noise(1, 1, 2, 4)];
  const refused: [() => unknown, string][] = [
    [
      () => corrcoef(p, r, { reduction: "max" as "mean" }),
      "measure corrcoef: reduction is max, expected none, mean or sum",
    ],
    [
      () => ccmax(r, { maxCcmaxIters: 0 }),
      "measure ccmax: maxCcmaxIters is 0, expected 1 to 9007199254740991",
    ],
    [
      () => normalizedCorrcoef(p, r, { maxCcmaxIters: 0.5 }),
      "measure normalizedCorrcoef: maxCcmaxIters is 0.5, expected",
    ],
    [
      () => poissonLoss(p, r, { eps: -1 }),
      "measure poissonLoss: eps is -1, expected at least 0",
    ],
    [
      () => coherence(p, r, { segmentBins: 1 }),
      "measure coherence: segmentBins is 1, expected 2 to",
    ],
    [
      () => fve(p, r, { reduce: "sum" } as object),
      "measure fve: there is no option reduce, expected validMask, reduction",
    ],
  ];
  for (const [call, message] of refused) {
    assertThrows(call, RangeError, `Cannot ${message}`);
  }
  assertThrows(
    () => poissonLoss(p, r, { logInput: 1 as unknown as boolean }),
    TypeError,
    "Cannot measure poissonLoss: logInput is 1, expected true or false",
  );
});

Deno.test("poissonLoss: validateInput refuses rates below 0 that count", () => {
  const r = tensor([1, 1, 1, 3], [1, NaN, 2]);
  const p = tensor([1, 1, 3], [0, -1, 0.5]);
  const options = { validateInput: true };
  assertEquals(poissonLoss(p, r, options), poissonLoss(p, r));
  p.data[2] = -0.5;
  assertEquals(
    poissonLoss(p, r, { ...options, logInput: true }),
    poissonLoss(p, r, { logInput: true }),
  );
  assertThrows(
    () => poissonLoss(p, r, options),
    RangeError,
    "Cannot measure poissonLoss: a predicted rate is -0.5, expected 0 or more",
  );
});

Deno.test("coherence: gain and sign do not count, ends may be missing, gaps not", () => {
  const r = noise(2, 1, 1, 40);
  const same = { data: r.data.map((v) => -3 * v), shape: [2, 1, 40] };
  const options = { segmentBins: 8 };
  assertAbout(coherence(same, r, options), 1);
  const chance = coherence(noise(2, 1, 40), r, options)[0] ?? NaN;
  assert(chance > 0 && chance < 0.6, `${chance}`);
  r.data.fill(NaN, 30, 40);
  r.data.fill(NaN, 40, 44);
  assertAbout(coherence(same, r, options), 1);
  r.data[10] = NaN;
  assertEquals(coherence(same, r, options), Float64Array.of(NaN));
  r.data.fill(NaN);
  assertEquals(coherence(same, r), Float64Array.of(NaN));
});

function assertAbout([value = NaN]: Float64Array, expected: number): void {
  assert(Math.abs(value - expected) < 1e-12, `${value}`);
}

Deno.test("ccmax: more half splits than there are count each once", () => {
  const r = noise(1, 2, 6, 30);
  const all = ccmax(r, { splits: "first", maxCcmaxIters: 10 });
  assertEquals(ccmax(r), all);
  assertEquals(ccmax(r, { maxCcmaxIters: 1000 }), all);
  assert(ccmax(r, { maxCcmaxIters: 3, splits: "first" })[0] !== all[0]);
});
