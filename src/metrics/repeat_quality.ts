import { checkCount } from "../base/check.ts";
import {
  halfCorrelation,
  MAX_SPLITS,
  type SplitChoice,
} from "./_half_correlation.ts";
import { repeatCovariance } from "./_repeat_covariance.ts";

/** Least noise power of the published loader. */
const LEAST_NOISE = 1e-12;

/** Names of {@linkcode SplitOptions}. */
export const SPLIT_OPTIONS = ["splits", "maxCcmaxIters"] as const;

/** Options of measures that split repeats into halves. */
export interface SplitOptions {
  /**
   * Half splits of repeats that have more than `maxCcmaxIters`, by default 12 or
   * more repeats: `random` draws as many of them, the same in every run; `first`
   * takes the first in lexicographic order, as deepSTRF 0.1.0 does. Those share
   * most of their repeats, and bias the result (0.806 for a truth of 0.831).
   *
   * @default {"random"}
   */
  readonly splits?: SplitChoice;
  /**
   * Most half splits of a stimulus, at least 1.
   *
   * @default {126}
   */
  readonly maxCcmaxIters?: number;
}

/** Refuses another choice of splits, or no number of them. */
export function checkSplits(
  act: string,
  { splits, maxCcmaxIters = MAX_SPLITS }: SplitOptions,
): void {
  checkCount(act, "maxCcmaxIters", maxCcmaxIters, 1);
  if (splits === undefined || splits === "random" || splits === "first") return;
  throw new RangeError(
    `Cannot ${act}: splits is ${String(splits)}, expected random or first`,
  );
}

/** Quality of a cell's repeats; each is NaN if no stimulus defines it. */
export interface PooledQuality {
  /** Signal power, in the squared unit of the responses. */
  readonly signal: number;
  /** Noise power in the same unit, not below 0 except by rounding. */
  readonly noise: number;
  /** Largest correlation a model can reach, 0 to 1. */
  readonly ccmax: number;
}

/**
 * Averages signal power, noise power and ceiling over stimuli, weighted by their
 * bins. A stimulus with fewer than two repeats or two bins is left out of all
 * three; one whose halves do not correlate above 0, out of the ceiling.
 *
 * @param stimuli Repeats `[T]` of equal length for each stimulus.
 * @param options How half splits are chosen.
 * @throws {RangeError} If repeats of a stimulus differ in length or a bin is not
 * finite.
 */
export function pooledQuality(
  stimuli: Iterable<readonly Float32Array[] | readonly Float64Array[]>,
  { splits = "random", maxCcmaxIters = MAX_SPLITS }: SplitOptions = {},
): PooledQuality {
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
    const r = halfCorrelation(
      covariance,
      repeats.length,
      maxCcmaxIters,
      splits,
    );
    if (!(r > 0)) continue;
    ceiling.sum += bins * Math.sqrt(2 * r / (1 + r));
    ceiling.weight += bins;
  }
  return {
    signal: power.signal / power.weight,
    noise: power.noise / power.weight,
    ccmax: ceiling.sum / ceiling.weight,
  };
}

/** Signal power over noise power; NaN if no stimulus defines it. */
export function signalToNoise({ signal, noise }: PooledQuality): number {
  return signal / Math.max(noise, LEAST_NOISE);
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
    for (let j = 0; j < count; j++) all += covariance[i * count + j] as number;
    own += covariance[i * count + i] as number;
  }
  const ofMean = all / (count * count) / (bins - 1);
  const ofRepeats = own / count / (bins - 1);
  const signal = (count * ofMean - ofRepeats) / (count - 1);
  return { signal, noise: ofRepeats - signal };
}
