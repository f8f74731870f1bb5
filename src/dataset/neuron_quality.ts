import { checkOptions } from "../base/check.ts";
import { firstNonFinite } from "../base/numbers.ts";
import type { Tensor } from "../tensor.ts";
import { heardRepeats } from "./_response_table.ts";
import {
  checkSplits,
  pooledQuality,
  signalToNoise,
  SPLIT_OPTIONS,
  type SplitOptions,
} from "../metrics/repeat_quality.ts";

/** Reliability of a cell's responses. */
export interface NeuronQuality {
  /** Signal power over noise power; null if no stimulus defines it. */
  readonly snr: number | null;
  /** Largest correlation a model can reach, 0 to 1; null likewise. */
  readonly ccmax: number | null;
}

/**
 * Measures the quality of one cell over the stimuli that it heard.
 *
 * - `snr` (Sahani and Linden 2003): per stimulus
 *   `SP = (R var(mean) - mean(var)) / (R - 1)` and `NP = mean(var) - SP` with
 *   unbiased variances over time, averaged over stimuli weighted by their bins;
 *   `SP / max(NP, 1e-12)`.
 * - `ccmax` (Hsu, Borst and Theunissen 2004, Spearman-Brown): an odd repeat is
 *   dropped, the last; mean Pearson r of up to `maxCcmaxIters` half splits,
 *   chosen as `splits` says; `sqrt(2 r / (1 + r))`, weighted by bins. A stimulus
 *   whose r is not above 0, or not defined since a half is flat, is left out.
 * - A stimulus with fewer than two repeats or two bins is left out of both. One
 *   stimulus is in memory at a time.
 *
 * @param stimuli Repeats `[T]` of equal length for each stimulus.
 * @param options How half splits are chosen.
 * @returns Both measures, null if no stimulus is left.
 * @throws {RangeError} If repeats of a stimulus differ in length, a bin is not
 * finite, or an option is out of range.
 */
export function neuronQuality(
  stimuli: Iterable<readonly Float32Array[] | readonly Float64Array[]>,
  options: SplitOptions = {},
): NeuronQuality {
  checkOptions("measure quality", options, SPLIT_OPTIONS);
  checkSplits("measure quality", options);
  const quality = pooledQuality(stimuli, options);
  return { snr: orNull(signalToNoise(quality)), ccmax: orNull(quality.ccmax) };
}

/**
 * Quality of a cell of a dataset, from its responses `[s][n]`; null if one of
 * them was given a bin that is not finite.
 */
export function cellQuality(
  responses: readonly (readonly Tensor[])[],
  cell: number,
  options: SplitOptions,
): NeuronQuality {
  for (const repeats of heardRepeats(responses, cell)) {
    if (repeats.every((repeat) => firstNonFinite(repeat) < 0)) continue;
    return { snr: null, ccmax: null };
  }
  return neuronQuality(heardRepeats(responses, cell), options);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
