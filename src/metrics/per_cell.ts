import { checkOptions } from "../base/check.ts";
import type { Tensor } from "../tensor.ts";
import {
  checkSplits,
  type PooledQuality,
  pooledQuality,
  type SplitOptions,
} from "./repeat_quality.ts";
import { cellRepeats, type PooledPairs, pooledPairs } from "./_pairs.ts";
import { checkPredictions, checkResponses } from "./_check_tensors.ts";
import { type Reduced, reduced, type Reduction } from "./reduction.ts";

/** Names of the options of all metrics. */
export const METRIC_OPTIONS = ["validMask", "reduction"] as const;

/** Options of all metrics. */
export interface MetricOptions<Kind extends Reduction = "none"> {
  /**
   * 1 where a response counts, 0 where it does not: `(B, N, R, T)`, such as
   * `validMask` of a batch. An axis of length 1 counts for the whole axis, and
   * axes may be missing in front, as in NumPy: `(B, N, 1, T)`, `(T)`. A response
   * that is NaN counts nowhere.
   *
   * @default {undefined}
   */
  readonly validMask?: Tensor;
  /**
   * `none`: one number per cell; `mean` or `sum`: that of the cells whose number
   * is defined. The mean of no cell is NaN, the sum 0.
   *
   * @default {"none"}
   */
  readonly reduction?: Kind;
}

/** Options of a measure of each cell. */
type CellOptions = Pick<MetricOptions, "validMask">;

/**
 * Computes a measure of the responses of each cell.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If responses or mask do not fit.
 */
export function qualityPerCell(
  act: string,
  responses: Tensor,
  { validMask, ...splits }: CellOptions & SplitOptions,
  measure: (quality: PooledQuality) => number,
): Float64Array {
  checkSplits(act, splits);
  const mask = checkResponses(act, responses, validMask);
  const [, cells = 0] = responses.shape;
  return Float64Array.from({ length: cells }, (_, cell) => {
    const stimuli = cellRepeats(responses, mask, cell);
    return measure(pooledQuality(stimuli.map(completeRepeats), splits));
  });
}

/**
 * Reduces repeats to the bins that all of them have. Repeats without any bin are
 * left out first.
 *
 * @param repeats Repeats `[T]`, NaN for missing responses.
 * @returns Repeats of equal length without NaN; not copied if nothing is missing.
 */
function completeRepeats(
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
  { validMask }: CellOptions,
  measure: (pairs: PooledPairs) => number,
): Float64Array {
  const mask = checkResponses(act, responses, validMask);
  checkPredictions(act, predictions, responses);
  const [, cells = 0] = responses.shape;
  return Float64Array.from(
    { length: cells },
    (_, cell) => measure(pooledPairs(predictions, responses, mask, cell)),
  );
}

/**
 * A metric of the responses with no options of its own.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If an option, responses or mask do not fit.
 */
export function qualityMetric<Kind extends Reduction>(
  act: string,
  responses: Tensor,
  options: MetricOptions<Kind>,
  measure: (quality: PooledQuality) => number,
): Reduced<Kind> {
  checkOptions(act, options, METRIC_OPTIONS);
  const { validMask, reduction } = options;
  const masked = validMask && { validMask };
  const values = qualityPerCell(act, responses, { ...masked }, measure);
  return reduced(act, values, reduction);
}

/**
 * A metric of predictions with no options of its own.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If an option, predictions, responses or mask do not fit.
 */
export function fitMetric<Kind extends Reduction>(
  act: string,
  predictions: Tensor,
  responses: Tensor,
  options: MetricOptions<Kind>,
  measure: (pairs: PooledPairs) => number,
): Reduced<Kind> {
  checkOptions(act, options, METRIC_OPTIONS);
  const values = fitPerCell(act, predictions, responses, options, measure);
  return reduced(act, values, options.reduction);
}
