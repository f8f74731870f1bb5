import { reflected } from "./_reflected.ts";
import { Scratch } from "./_scratch.ts";

const scratch = new Scratch(Float64Array);

/** How many windows have their median beyond a level. */
export interface MediansBeyond {
  /** At the lower level or below. */
  readonly below: number;
  /** At the upper level or above. */
  readonly above: number;
}

/**
 * Counts the samples of a running median that lie beyond two levels, without
 * computing it: the median of a window is beyond a level where enough of its
 * samples are.
 *
 * @param x Trace `[T]`, T at least 1.
 * @param size Window in samples; edges and upper median as in `medianFilter`.
 * @param low Lower level.
 * @param high Upper level, above the lower one.
 */
export function mediansBeyond(
  x: Float64Array,
  size: number,
  low: number,
  high: number,
): MediansBeyond {
  const rank = size >> 1;
  const padded = scratch.take(x.length + size - 1);
  reflected(x, rank, size - 1 - rank, padded);
  const count = { below: 0, above: 0 };
  let lows = 0;
  let highs = 0;
  for (let i = 0; i < padded.length; i++) {
    if (padded[i] <= low) lows++;
    else if (padded[i] >= high) highs++;
    if (i < size - 1) continue;
    if (lows > rank) count.below++;
    else if (highs >= size - rank) count.above++;
    const leaving = padded[i - size + 1];
    if (leaving <= low) lows--;
    else if (leaving >= high) highs--;
  }
  return count;
}
