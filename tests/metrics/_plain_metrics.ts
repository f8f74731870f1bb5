import {
  plainCorrelation,
  plainNeuronQuality,
} from "../support/golden/plain.ts";
import type { Measured } from "./_metrics.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

type Rows = readonly Float64Array[];

/** Computes every metric of one cell by its definition, on lists of numbers. */
export function plainMetrics(
  all: Measured,
  cell: number,
): Record<string, number> {
  const stimuli = repeatsOf(all, cell);
  const observed = stimuli.flatMap(means);
  const isHeard = (_: number, i: number): boolean =>
    !Number.isNaN(itemAt(observed, i));
  const p = pooledPredictions(all, cell).filter(isHeard);
  const m = observed.filter(isHeard);
  const complete = stimuli.map(completed).filter((rows) =>
    rows.length > 1 && itemAt(rows, 0).length > 1
  );
  const { snr, ccmax } = plainNeuronQuality(complete, 126);
  const bins = complete.map((rows) => itemAt(rows, 0).length);
  const signalPower = weighted(complete.map(meanCovariance), bins);
  const total = weighted(complete.map(meanVariance), bins);
  const r = p.length > 1
    ? plainCorrelation(Float64Array.from(p), Float64Array.from(m))
    : NaN;
  const errors = p.map((value, i) => (value - itemAt(m, i)) ** 2);
  const spread = covariance(m, m);
  return {
    corrcoef: r,
    fve: 1 - sum(errors) / (p.length - 1) / spread,
    mseLoss: sum(errors) / p.length,
    poissonLoss: sum(p.map((rate, i) => rate - itemAt(m, i) * logOf(rate))) /
      p.length,
    schoppe: signalPower > 0
      ? covariance(p, m) / Math.sqrt(covariance(p, p) * signalPower)
      : NaN,
    hsu: r / ccmax,
    signalPower,
    noisePower: total - signalPower,
    snr,
    ccmax,
  };
}

/** Repeats `[b][r]`, NaN where there is no response. */
function repeatsOf({ responses, validMask }: Measured, cell: number): Rows[] {
  const [stimuli, cells, repeats, bins] = firstOf(4, responses.shape);
  return Array.from(
    { length: stimuli },
    (_, b) =>
      Array.from(
        { length: repeats },
        (_, r) =>
          Float64Array.from({ length: bins }, (_, t) => {
            const i = ((b * cells + cell) * repeats + r) * bins + t;
            return validMask?.data[i] === 0 ? NaN : itemAt(responses.data, i);
          }),
      ),
  );
}

function pooledPredictions({ predictions }: Measured, cell: number): number[] {
  const [stimuli, cells, bins] = firstOf(3, predictions.shape);
  return Array.from({ length: stimuli * bins }, (_, i) => {
    const b = Math.floor(i / bins);
    return itemAt(predictions.data, (b * cells + cell) * bins + i % bins);
  });
}

function means(rows: Rows): number[] {
  return Array.from(itemAt(rows, 0), (_, t) => {
    const there = rows.map((row) => itemAt(row, t)).filter((v) =>
      !Number.isNaN(v)
    );
    return sum(there) / there.length;
  });
}

function completed(rows: Rows): Rows {
  const heard = rows.filter((row) => row.some((v) => !Number.isNaN(v)));
  const isShared = (_: number, t: number): boolean =>
    heard.every((row) => !Number.isNaN(row[t]));
  return heard.map((row) => row.filter(isShared));
}

function meanCovariance(rows: Rows): number {
  const ofPairs = rows.flatMap((a, i) =>
    rows.slice(0, i).map((b) => covariance(a, b))
  );
  return sum(ofPairs) / ofPairs.length;
}

function meanVariance(rows: Rows): number {
  return sum(rows.map((row) => covariance(row, row))) / rows.length;
}

function covariance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const ma = sum(Array.from(a)) / a.length;
  const mb = sum(Array.from(b)) / b.length;
  const products = Array.from(
    a,
    (value, t) => (value - ma) * (itemAt(b, t) - mb),
  );
  return sum(products) / (a.length - 1);
}

function weighted(values: number[], weights: number[]): number {
  return sum(values.map((value, i) => value * itemAt(weights, i))) /
    sum(weights);
}

function logOf(rate: number): number {
  return Math.log(Math.max(rate, 1e-8) + 1e-8);
}

function sum(values: number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
