import type { SyntheticRandom } from "../shared/random.ts";

/** Sampling rate of all stimuli, in Hz. */
export const STIMULUS_HZ = 97656.25;

/**
 * Tones of a stimulus: one in the middle of every band from 2 kHz up, where a
 * 10 ms window still separates neighbours.
 */
export const SYNTHETIC_TONES = {
  first: 26,
  last: 52,
  /** Standard deviation of the level, over time. */
  deviationDb: 8,
  /** Correlation of a band's levels one knot apart. */
  correlation: 0.6,
} as const;

const FMIN_HZ = 100;
const BANDS_PER_OCTAVE = 6;
const BANDS = SYNTHETIC_TONES.last - SYNTHETIC_TONES.first + 1;
const KNOT_MS = 5;
const MAX_DB = 20;
/** Amplitude of a tone at 0 dB, in steps of int16. */
const AMPLITUDE = 40;
const FLOOR = 1;
const RAMP_MS = 5;
// Level of a tone behind squared-sine ramps of 5 ms, in a 10 ms Hamming window.
const JOINT_DB = -9;

/** Levels of the tones of a stimulus. */
export interface SyntheticLevels {
  /** Level in dB `[tone][knot]`. */
  readonly decibels: Float32Array;
  /** Number of knots, 5 ms apart. */
  readonly knots: number;
}

/** Draws levels: an autoregressive process of order one per band. */
export function syntheticLevels(
  random: SyntheticRandom,
  durationMs: number,
): SyntheticLevels {
  const { deviationDb, correlation } = SYNTHETIC_TONES;
  const knots = Math.round(durationMs / KNOT_MS) + 1;
  const decibels = new Float32Array(BANDS * knots);
  const innovation = deviationDb * Math.sqrt(1 - correlation ** 2);
  for (let band = 0; band < BANDS; band++) {
    let level = deviationDb * random.gaussian();
    for (let i = band * knots; i < (band + 1) * knots; i++) {
      decibels[i] = Math.max(-MAX_DB, Math.min(MAX_DB, level));
      level = correlation * level + innovation * random.gaussian();
    }
  }
  return { decibels, knots };
}

/** Levels of consecutive segments, ramped at every joint. */
export function joinedLevels(
  segments: readonly SyntheticLevels[],
): SyntheticLevels {
  const knots = segments.reduce((sum, segment) => sum + segment.knots - 1, 1);
  const decibels = new Float32Array(BANDS * knots);
  for (let band = 0; band < BANDS; band++) {
    let at = band * knots;
    for (const segment of segments) {
      const from = band * segment.knots;
      decibels.set(
        segment.decibels.subarray(from, from + segment.knots),
        at,
      );
      (decibels[at] as number) += JOINT_DB;
      at += segment.knots - 1;
    }
  }
  return { decibels, knots };
}

/**
 * Synthesises a stimulus: a sum of phasors whose lengths follow the levels, over
 * a floor of noise.
 *
 * @param isRamped Whether both ends fade within 5 ms.
 */
export function syntheticWaveform(
  random: SyntheticRandom,
  { decibels, knots }: SyntheticLevels,
  isRamped: boolean,
): Int16Array {
  const durationMs = (knots - 1) * KNOT_MS;
  const length = Math.round(durationMs * STIMULUS_HZ / 1000);
  const sum = new Float64Array(length);
  for (let i = 0; i < length; i++) sum[i] = FLOOR * random.noise();
  for (let band = 0; band < BANDS; band++) {
    const levels = decibels.subarray(band * knots, (band + 1) * knots);
    const phase = random.uniform(0, 2 * Math.PI);
    addTone(sum, levels, frequencyOf(SYNTHETIC_TONES.first + band), phase);
  }
  if (isRamped) ramp(sum);
  const samples = new Int16Array(length);
  for (let i = 0; i < length; i++) samples[i] = Math.round(sum[i] as number);
  return samples;
}

function frequencyOf(band: number): number {
  return FMIN_HZ * 2 ** (band / BANDS_PER_OCTAVE);
}

function addTone(
  sum: Float64Array,
  levels: Float32Array,
  frequencyHz: number,
  phase: number,
): void {
  const turn = 2 * Math.PI * frequencyHz / STIMULUS_HZ;
  const cosine = Math.cos(turn);
  const sine = Math.sin(turn);
  let real = Math.cos(phase);
  let imaginary = Math.sin(phase);
  for (let knot = 0; knot + 1 < levels.length; knot++) {
    const start = knotSample(knot);
    const end = Math.min(sum.length, knotSample(knot + 1));
    const rise = ((levels[knot + 1] as number) - (levels[knot] as number)) /
      (end - start);
    const growth = 10 ** (rise / 20);
    const rescale = AMPLITUDE * 10 ** ((levels[knot] as number) / 20) /
      Math.hypot(real, imaginary);
    const cosineStep = growth * cosine;
    const sineStep = growth * sine;
    real *= rescale;
    imaginary *= rescale;
    for (let i = start; i < end; i++) {
      (sum[i] as number) += real;
      const next = real * cosineStep - imaginary * sineStep;
      imaginary = real * sineStep + imaginary * cosineStep;
      real = next;
    }
  }
}

function knotSample(knot: number): number {
  return Math.round(knot * KNOT_MS * STIMULUS_HZ / 1000);
}

function ramp(samples: Float64Array): void {
  const length = Math.round(RAMP_MS * STIMULUS_HZ / 1000);
  for (let i = 0; i < length; i++) {
    const factor = Math.sin(0.5 * Math.PI * i / length) ** 2;
    (samples[i] as number) *= factor;
    (samples[samples.length - 1 - i] as number) *= factor;
  }
}
