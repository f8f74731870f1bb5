import { SyntheticRandom } from "../shared/random.ts";

/** Information in a stimulus: about 10 or 200 bits a value, most of it noise. */
export type SoundDetail = "coarse" | "fine";

/** Frequency bands of all stimuli. */
export const BANDS = 32;
/** Silent bins of 10 ms at either end. */
export const SILENCE = 100;

const MEAN = 0.8;
const DEVIATION = 0.25;
/** Probability that a band changes its level from one bin to the next. */
const CHANGE = 0.12;
/** Relative noise of the level, independent from bin to bin. */
const JITTER = { coarse: 0, fine: 0.3 } as const;
const COARSE_STEPS = 32;

/**
 * Generates a stimulus `[32][bins]`: each band keeps a level for a while and
 * changes independently. Equal arguments give the same stimulus.
 */
export function syntheticSound(
  seed: number,
  name: string,
  bins: number,
  detail: SoundDetail,
): Float64Array {
  const random = new SyntheticRandom(seed, `sound/${name}/${bins}/${detail}`);
  const sound = new Float64Array(BANDS * bins);
  for (let band = 0; band < BANDS; band++) {
    let level = drawLevel(random, detail);
    for (let bin = SILENCE; bin < bins - SILENCE; bin++) {
      if (random.uniform() < CHANGE) level = drawLevel(random, detail);
      sound[band * bins + bin] = detail === "coarse"
        ? level
        : Math.max(0, level * (1 + JITTER.fine * random.noise()));
    }
  }
  return sound;
}

/** Covariance of values of a band that are `lag` bins apart. */
export function soundCovariance(detail: SoundDetail, lag: number): number {
  const variance = DEVIATION ** 2;
  const jitter = JITTER[detail] ** 2 * (MEAN ** 2 + variance);
  return variance * (1 - CHANGE) ** lag + (lag === 0 ? jitter : 0);
}

function drawLevel(random: SyntheticRandom, detail: SoundDetail): number {
  const level = Math.max(0, MEAN + DEVIATION * random.noise());
  return detail === "coarse"
    ? Math.round(level * COARSE_STEPS) / COARSE_STEPS
    : level;
}
