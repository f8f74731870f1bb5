import { roundHalfEven } from "../../_round.ts";
import type { Samples } from "../../session.ts";

/**
 * Fades a waveform in and out with a squared sine.
 *
 * - In: `[n]`, any unit, not written to. Out: `[n]` in float64.
 * - The ramp has `round(rampMs * rateHz / 1000)` samples, one at least, and at
 *   most half of the waveform; sample `i` of it is weighted with
 *   `sin(pi / 2 * i / ramp) ** 2`, the last ones mirrored.
 * - Source: Asari and Zador 2009, J. Neurophysiol. 102:2638.
 */
export function cosineRamped(
  samples: Samples,
  rateHz: number,
  rampMs: number,
): Float64Array {
  const ramped = Float64Array.from(samples);
  const wanted = Math.max(1, roundHalfEven(rampMs * rateHz / 1000));
  const ramp = Math.min(wanted, Math.floor(ramped.length / 2));
  for (let i = 0; i < ramp; i++) {
    const weight = Math.sin(0.5 * Math.PI * (i / ramp)) ** 2;
    ramped[i] *= weight;
    ramped[ramped.length - 1 - i] *= weight;
  }
  return ramped;
}
