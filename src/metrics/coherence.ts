import { checkCount, checkOptions } from "../base/check.ts";
import type { Tensor } from "../tensor.ts";
import { checkPredictions, checkResponses } from "./_check_tensors.ts";
import { METRIC_OPTIONS, type MetricOptions } from "./per_cell.ts";
import { stimulusPairs } from "./_pairs.ts";
import { type Reduced, reduced, type Reduction } from "./reduction.ts";
import { WelchSpectra } from "./_spectrum.ts";

const ACT = "measure coherence";

/** Options for {@linkcode coherence}. */
export interface CoherenceOptions<Kind extends Reduction = "none">
  extends MetricOptions<Kind> {
  /**
   * Bins of a segment, at least 2. A shorter stimulus is one segment.
   *
   * @default {256}
   */
  readonly segmentBins?: number;
}

/**
 * Magnitude-squared coherence of each cell's predictions with its mean response:
 * how well they agree at each frequency, whatever gain and delay, averaged over
 * all frequencies.
 *
 * - Predictions `(B, N, T)`, responses `(B, N, R, T)`, any unit; `[N]`, 0 to 1.
 * - Per stimulus by Welch's method (1967): segments that overlap by half, without
 *   their mean, under a Hann window; then the mean over stimuli.
 * - The more segments, the lower the value that chance gives, about one over
 *   their number. With one segment, a stimulus of fewer than `1.5 * segmentBins`
 *   bins, the value is 1 whatever the prediction.
 * - The mean response is over the repeats that have the bin. A stimulus without
 *   two bins is left out. NaN if no stimulus is left, a bin between two others is
 *   missing, or predictions or mean responses of a segment are constant.
 * - As deepSTRF 0.1.0, which accepts no missing bin; SciPy 1.17
 *   `signal.coherence`.
 *
 * @example Cells by their coherence with a model
 * ```ts
 * import { coherence, type Tensor } from "rxephys";
 *
 * function mean(predictions: Tensor, responses: Tensor): number {
 *   return coherence(predictions, responses, { reduction: "mean" });
 * }
 * ```
 *
 * @param predictions Predictions for the B stimuli, `(B, N, T)`.
 * @param responses Responses `(B, N, R, T)`, NaN for missing ones.
 * @param options Which responses count, the reduction, and the segments.
 * @returns One number per cell, or their mean or sum.
 * @throws {RangeError} If shapes do not fit, a response is infinite, the mask
 * holds anything but 0 and 1, or `segmentBins` is out of range.
 */
export function coherence<Kind extends Reduction = "none">(
  predictions: Tensor,
  responses: Tensor,
  options: CoherenceOptions<Kind> = {},
): Reduced<Kind> {
  checkOptions(ACT, options, [...METRIC_OPTIONS, "segmentBins"]);
  const { validMask, reduction, segmentBins = 256 } = options;
  checkCount(ACT, "segmentBins", segmentBins, 2);
  const mask = checkResponses(ACT, responses, validMask);
  checkPredictions(ACT, predictions, responses);
  const spectra = new Map<number, WelchSpectra>();
  const [, cells = 0] = responses.shape;
  const values = Float64Array.from({ length: cells }, (_, cell) => {
    let sum = 0;
    let count = 0;
    for (const pair of stimulusPairs(predictions, responses, mask, cell)) {
      const bins = pair.bins.length;
      if (bins < 2) continue;
      count++;
      const size = Math.min(segmentBins, bins);
      const welch = spectra.get(size) ?? new WelchSpectra(size);
      spectra.set(size, welch);
      sum += hasGap(pair.bins)
        ? NaN
        : welch.meanCoherence(pair.predicted, pair.observed);
    }
    return sum / count;
  });
  return reduced(ACT, values, reduction);
}

/** Whether a bin between two others is missing. */
function hasGap(bins: Uint32Array): boolean {
  const [first = 0, last = -1] = [bins.at(0), bins.at(-1)];
  return last - first + 1 > bins.length;
}
