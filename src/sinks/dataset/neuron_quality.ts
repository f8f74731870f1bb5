import { checkCount } from "../../_check.ts";
import { halfCorrelation } from "./_half_correlation.ts";
import { repeatCovariance } from "./_repeat_covariance.ts";

/** How far a cell's responses can be trusted, or predicted. */
export interface NeuronQuality {
  /** Signal power over noise power; null where no stimulus tells. */
  readonly snr: number | null;
  /** Greatest correlation a model can reach, 0 to 1; null likewise. */
  readonly ccmax: number | null;
}

/** Least noise power of the published loader. */
const LEAST_NOISE = 1e-12;

/**
 * Quality of one cell over the stimuli that it heard.
 *
 * - `snr` (Sahani and Linden 2003): per stimulus
 *   `SP = (R var(mean) - mean(var)) / (R - 1)` and `NP = mean(var) - SP` with
 *   unbiased variances over time, averaged over stimuli weighted by their bins;
 *   `SP / max(NP, 1e-12)`.
 * - `ccmax` (Hsu, Borst and Theunissen 2004, Spearman-Brown): an odd repeat is
 *   dropped, the last; mean Pearson r of up to `maxSplits` half splits, in
 *   lexicographic order; `sqrt(2 r / (1 + r))`, weighted by bins. A stimulus
 *   whose r is not above 0, or not defined since a half is flat, is left out.
 * - A stimulus with fewer than two repeats or two bins is left out of both. One
 *   stimulus is held at a time.
 *
 * @param stimuli For each stimulus its repeats `[T]`, of one length.
 * @param maxSplits Most half splits of a stimulus, at least 1.
 * @returns Both measures, null where no stimulus is left.
 * @throws {RangeError} If repeats of a stimulus differ in length, a bin is not
 * finite, or `maxSplits` is no such count.
 */
export function neuronQuality(
  stimuli: Iterable<readonly Float32Array[] | readonly Float64Array[]>,
  maxSplits: number = 126,
): NeuronQuality {
  checkCount("measure quality", "maxSplits", maxSplits, 1);
  const power = { signal: 0, noise: 0, weight: 0 };
  const ceiling = { sum: 0, weight: 0 };
  for (const repeats of stimuli) {
    const bins = checkedBins(repeats);
    if (repeats.length < 2 || bins < 2) continue;
    const covariance = repeatCovariance(repeats);
    checkFinite(covariance, repeats.length);
    const { signal, noise } = powers(covariance, repeats.length, bins);
    power.signal += bins * signal;
    power.noise += bins * noise;
    power.weight += bins;
    const r = halfCorrelation(covariance, repeats.length, maxSplits);
    if (!(r > 0)) continue;
    ceiling.sum += bins * Math.sqrt(2 * r / (1 + r));
    ceiling.weight += bins;
  }
  const noise = Math.max(power.noise / power.weight, LEAST_NOISE);
  return {
    snr: power.weight === 0 ? null : power.signal / power.weight / noise,
    ccmax: ceiling.weight === 0 ? null : ceiling.sum / ceiling.weight,
  };
}

function checkedBins(
  repeats: readonly (Float32Array | Float64Array)[],
): number {
  const bins = repeats[0]?.length ?? 0;
  repeats.forEach((repeat, i) => {
    if (repeat.length !== bins) {
      throw new RangeError(
        `Cannot measure quality: length of repeat ${i} is ${repeat.length}, ` +
          `expected ${bins} as repeat 0`,
      );
    }
  });
  return bins;
}

function checkFinite(covariance: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const variance = covariance[i * (count + 1)];
    if (!Number.isFinite(variance)) {
      throw new RangeError(
        `Cannot measure quality: variance of repeat ${i} is ${variance}, ` +
          `expected finite bins`,
      );
    }
  }
}

function powers(
  covariance: Float64Array,
  count: number,
  bins: number,
): { signal: number; noise: number } {
  let all = 0;
  let own = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) all += covariance[i * count + j];
    own += covariance[i * count + i];
  }
  const ofMean = all / (count * count) / (bins - 1);
  const ofRepeats = own / count / (bins - 1);
  const signal = (count * ofMean - ofRepeats) / (count - 1);
  return { signal, noise: ofRepeats - signal };
}
