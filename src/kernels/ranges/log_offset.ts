/**
 * Exponent of the offset `d = 10^logOffset` in `log((x + d) / d)`, by which
 * gammatone magnitudes are compressed, or `off` for no logarithm.
 */
export type LogOffset = number | "off";

/** Exponent of the published pipeline: `log(10 x + 1)`. */
export const PUBLISHED_OFFSET = -1;

/** Exponents beyond this are softened. */
const INFLECTION = 2;
const SOFTENING = 50;

/**
 * Offset d of the logarithm `log((x + d) / d)`.
 *
 * Reference: NEMS `log_compress`, which softens exponents beyond 2 and below -2.
 *
 * @returns Undefined for no logarithm.
 */
export function logShift(offset: LogOffset): number | undefined {
  if (offset === "off") return undefined;
  const most = Math.min(INFLECTION, Math.max(-INFLECTION, offset));
  return 10 ** (most + (offset - most) / SOFTENING);
}
