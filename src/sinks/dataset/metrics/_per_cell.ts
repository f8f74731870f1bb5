import type { Tensor } from "../../../tensor.ts";
import { type PooledQuality, pooledQuality } from "../_pooled_quality.ts";
import { cellRepeats } from "./_cell_repeats.ts";
import { checkPredictions, checkResponses } from "./_check_metric.ts";
import { completeRepeats } from "./_complete_repeats.ts";
import type { MetricOptions } from "./metric_options.ts";
import { type PooledPairs, pooledPairs } from "./_pooled_pairs.ts";

/**
 * One measure of the responses alone for each cell.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If responses or mask do not fit.
 */
export function qualityPerCell(
  act: string,
  responses: Tensor,
  { validMask }: MetricOptions,
  measure: (quality: PooledQuality) => number,
): Float64Array {
  checkResponses(act, responses, validMask);
  return Float64Array.from({ length: responses.shape[1] }, (_, cell) => {
    const stimuli = cellRepeats(responses, validMask, cell);
    return measure(pooledQuality(stimuli.map(completeRepeats)));
  });
}

/**
 * One measure of predictions against mean responses for each cell, NaN where a
 * cell has no response.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If predictions, responses or mask do not fit.
 */
export function fitPerCell(
  act: string,
  predictions: Tensor,
  responses: Tensor,
  { validMask }: MetricOptions,
  measure: (pairs: PooledPairs) => number,
): Float64Array {
  checkResponses(act, responses, validMask);
  checkPredictions(act, predictions, responses);
  return Float64Array.from(
    { length: responses.shape[1] },
    (_, cell) => measure(pooledPairs(predictions, responses, validMask, cell)),
  );
}
