import { checkOptions } from "../base/check.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkSplits,
  type PooledQuality,
  pooledQuality,
  type SplitOptions,
} from "./repeat_quality.ts";
import { cellRepeats, type PooledPairs, pooledPairs } from "./_pairs.ts";

/**
 * Reduces repeats to the bins that all of them have. Repeats without any bin are
 * left out first.
 *
 * @param repeats Repeats `[T]`, NaN for missing responses.
 * @returns Repeats of equal length without NaN; not copied if nothing is missing.
 */
export function completeRepeats(
  repeats: readonly Float32Array[],
): Float32Array[] {
  const heard = repeats.filter((repeat) => !repeat.every(Number.isNaN));
  const [first] = heard;
  if (!first || !heard.some((repeat) => repeat.some(Number.isNaN))) {
    return heard;
  }
  const shared = first.map((_, t) =>
    heard.some((repeat) => Number.isNaN(repeat[t])) ? 0 : 1
  );
  return heard.map((repeat) => repeat.filter((_, t) => shared[t] === 1));
}

/** Options of all metrics. */
export interface MetricOptions {
  /**
   * 1 where a response counts, 0 where it does not: `(B, N, R, T)`, such as
   * `validMask` of a batch. A response that is NaN counts nowhere.
   *
   * @default {undefined}
   */
  readonly validMask?: Tensor;
}

/**
 * Refuses responses and masks with invalid shapes or values.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If a shape does not fit, a response is infinite where
 * the mask is 1, or the mask is anything but 0 and 1.
 */
export function checkResponses(
  act: string,
  responses: Tensor,
  validMask: Tensor | undefined,
): void {
  checkAxes(act, "responses", responses, "B,N,R,T");
  if (validMask !== undefined) {
    checkShape(act, "validMask", validMask, responses.shape);
    checkMask(act, validMask.data);
  }
  const { data } = responses;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (Math.abs(value) === Infinity && validMask?.data[i] !== 0) {
      refuse(act, `responses[${i}]`, value, "a finite number or NaN");
    }
  }
}

/**
 * Refuses predictions that are no `(B, N, T)` for responses `(B, N, R, T)`.
 *
 * @throws {RangeError} If the shape does not fit.
 */
export function checkPredictions(
  act: string,
  predictions: Tensor,
  { shape: [stimuli = 0, cells = 0, _, bins = 0] }: Tensor,
): void {
  checkAxes(act, "predictions", predictions, "B,N,T");
  checkShape(act, "predictions", predictions, [stimuli, cells, bins]);
}

function checkAxes(
  act: string,
  name: string,
  { data, shape }: Tensor,
  axes: string,
): void {
  const fits = shape.length === axes.split(",").length &&
    data.length === shape.reduce((a, b) => a * b, 1);
  if (fits) return;
  refuse(act, `shape of ${name}`, `${shape} of ${data.length} values`, axes);
}

function checkShape(
  act: string,
  name: string,
  { data, shape }: Tensor,
  expected: readonly number[],
): void {
  const fits = shape.length === expected.length &&
    shape.every((length, axis) => length === expected[axis]) &&
    data.length === expected.reduce((a, b) => a * b, 1);
  if (fits) return;
  refuse(
    act,
    `shape of ${name}`,
    `${shape} of ${data.length} values`,
    `${expected} as the responses`,
  );
}

function checkMask(act: string, mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) {
    const value = mask[i] as number;
    if (value !== 0 && value !== 1) {
      refuse(act, `validMask[${i}]`, value, "0 or 1");
    }
  }
}

function refuse(
  act: string,
  name: string,
  value: number | string,
  rule: string,
): never {
  throw new RangeError(`Cannot ${act}: ${name} is ${value}, expected ${rule}`);
}

/**
 * Computes a measure of the responses of each cell.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If responses or mask do not fit.
 */
export function qualityPerCell(
  act: string,
  responses: Tensor,
  { validMask, ...splits }: MetricOptions & SplitOptions,
  measure: (quality: PooledQuality) => number,
): Float64Array {
  checkSplits(act, splits);
  checkResponses(act, responses, validMask);
  const [, cells = 0] = responses.shape;
  return Float64Array.from({ length: cells }, (_, cell) => {
    const stimuli = cellRepeats(responses, validMask, cell);
    return measure(pooledQuality(stimuli.map(completeRepeats), splits));
  });
}

/**
 * Computes a measure of predictions against mean responses for each cell; NaN for
 * a cell without a response.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If predictions, responses or mask do not fit.
 */
export function fitPerCell(
  act: string,
  predictions: Tensor,
  responses: Tensor,
  options: MetricOptions,
  measure: (pairs: PooledPairs) => number,
): Float64Array {
  checkOptions(act, options, ["validMask"]);
  const { validMask } = options;
  checkResponses(act, responses, validMask);
  checkPredictions(act, predictions, responses);
  const [, cells = 0] = responses.shape;
  return Float64Array.from(
    { length: cells },
    (_, cell) => measure(pooledPairs(predictions, responses, validMask, cell)),
  );
}
