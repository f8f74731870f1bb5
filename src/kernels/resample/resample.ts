import { checkCount, checkRange } from "../../base/check.ts";
import { checkFinite } from "../common/traces.ts";
import {
  finePhases,
  mostPhases,
  type SincPhases,
  sincPhases,
} from "./_sinc_phases.ts";
import { LANES, laneWeightedSums, weightedSum } from "./_weighted_sums.ts";
/**
 * A number as a fraction of whole numbers, by its continued fraction.
 *
 * @param value Above 0.
 * @param most Greatest denominator.
 * @returns The first convergent that equals `value` to two roundings of a double;
 * undefined if its denominator is greater than `most`.
 */
export function wholeRatio(
  value: number,
  most: number,
): { readonly numerator: number; readonly denominator: number } | undefined {
  let [numerator, denominator] = [Math.floor(value), 1];
  let [numeratorBefore, denominatorBefore] = [1, 0];
  let rest = value - numerator;
  while (denominator <= most) {
    const error = Math.abs(numerator / denominator - value);
    if (error <= 2 * Number.EPSILON * value) return { numerator, denominator };
    const whole = Math.floor(1 / rest);
    rest = 1 / rest - whole;
    [numerator, numeratorBefore] = [
      whole * numerator + numeratorBefore,
      numerator,
    ];
    [denominator, denominatorBefore] = [
      whole * denominator + denominatorBefore,
      denominator,
    ];
  }
}

/** Greatest `rateHz / targetHz`: a filter then spans 69,636 samples. */
export const MOST_SHRINK = 256;

/**
 * Resamples a sound, band-limited to the lower of the two Nyquist frequencies.
 *
 * - Output `j` is the sound at time `j / targetHz`: no delay, gain 1. Beyond its
 *   ends the sound is zero.
 * - Filter: sinc under a Kaiser window, 136 samples of the slower rate on either
 *   side. Flat to 1e-5 up to 0.95 of the lower Nyquist, 100 dB down from that
 *   Nyquist on.
 * - If `rateHz / targetHz` is a fraction of whole numbers whose table fits 16 MB
 *   (97,656.25 to 96,000 Hz is 3125 / 3072), every output has its exact phase of
 *   the filter. Otherwise it is interpolated between two of 4096 phases, which is
 *   off by at most 1e-6 of the sound's maximum.
 * - Reference: SciPy 1.10 `resample_poly` with the same filter.
 *
 * @param samples Sound `[n]`.
 * @param rateHz Its sampling rate in Hz.
 * @param targetHz The new sampling rate in Hz, at least `rateHz / 256`.
 * @param length Samples to compute; those behind the end of the sound are zero.
 * Default: `ceil(n * targetHz / rateHz)`, the whole sound.
 * @returns A new sound `[length]`; a copy if the rates are equal.
 * @throws {RangeError} If a rate or the length is out of range, or a sample is
 * not finite.
 */
export function resample(
  samples: Float64Array,
  rateHz: number,
  targetHz: number,
  length?: number,
): Float64Array {
  const act = "resample";
  checkRange(act, "rateHz", rateHz, Number.MIN_VALUE, Number.MAX_VALUE);
  const least = rateHz / MOST_SHRINK;
  checkRange(act, "targetHz", targetHz, least, Number.MAX_VALUE);
  if (length !== undefined) checkCount(act, "length", length, 0);
  checkFinite(act, samples);
  const step = rateHz / targetHz;
  const ratio = wholeRatio(step, mostPhases(Math.max(1, step)));
  const there = ratio
    ? Math.ceil(samples.length * ratio.denominator / ratio.numerator)
    : Math.ceil(samples.length / step);
  const out = new Float64Array(length ?? there);
  const wanted = out.subarray(0, there);
  if (rateHz === targetHz) wanted.set(samples.subarray(0, wanted.length));
  else if (ratio) fillWhole(wanted, samples, step, ratio);
  else fillBetween(wanted, samples, step);
  return out;
}

function fillWhole(
  out: Float64Array,
  samples: Float64Array,
  step: number,
  { numerator: down, denominator: up }: {
    readonly numerator: number;
    readonly denominator: number;
  },
): void {
  const table = sincPhases(up, Math.max(1, step));
  const padded = silenced(samples, table);
  const sums = new Float64Array(LANES);
  // Outputs `up` apart share a phase, whose weights are loaded once for four.
  for (let first = 0; first < Math.min(up, out.length); first++) {
    const phase = first * down % up;
    const weights = table.row(phase);
    let from = (first * down - phase) / up;
    let j = first;
    for (; j + (LANES - 1) * up < out.length; j += LANES * up) {
      laneWeightedSums(weights, padded, from, down, sums);
      for (let lane = 0; lane < LANES; lane++) {
        out[j + lane * up] = sums[lane] as number;
      }
      from += LANES * down;
    }
    for (; j < out.length; j += up, from += down) {
      out[j] = weightedSum(weights, padded, from);
    }
  }
}

function fillBetween(
  out: Float64Array,
  samples: Float64Array,
  step: number,
): void {
  const shrink = Math.max(1, step);
  const table = sincPhases(finePhases(shrink), shrink);
  const padded = silenced(samples, table);
  for (let j = 0; j < out.length; j++) {
    const sample = Math.floor(j * step);
    const phase = (j * step - sample) * table.phases;
    const row = Math.floor(phase);
    const low = weightedSum(table.row(row), padded, sample);
    const high = weightedSum(table.row(row + 1), padded, sample);
    out[j] = low + (phase - row) * (high - low);
  }
}

/** The sound with silence on both sides, as far as the filter reaches. */
function silenced(samples: Float64Array, { half }: SincPhases): Float64Array {
  const padded = new Float64Array(samples.length + 2 * half);
  padded.set(samples, half - 1);
  return padded;
}
