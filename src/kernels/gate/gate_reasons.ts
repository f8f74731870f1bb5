import type { GateReason } from "../../session.ts";
import { firstBeyond } from "../../base/numbers.ts";
import { checkFinite } from "../common/traces.ts";
import { finiteLeaveOneOutCorrelation } from "./leave_one_out.ts";
import { finiteStepFraction } from "./step_fraction.ts";

/** Median window before the step test: spikes are shorter, steps longer. */
const STEP_SMOOTH_MS = 5;

/**
 * Tests each repeat of one stimulus in one cell: the first test that fails names
 * the reason.
 *
 * - `range`: a sample beyond `maxAbsMv`, or no sample at all.
 * - `step`: more than `maxStepFraction` of the samples on a step of `stepMv`.
 * - `xcorr`: r with the median of the other repeats below `minCorrelation`. That
 *   median is over all repeats, cut to the shortest, also those that fail another
 *   test. An empty repeat leaves nothing to correlate: it fails `range`, and no
 *   other repeat fails `xcorr`, as in the published loader.
 *
 * @param repeats Detrended repeats `[T]`, ragged, mV.
 * @param rateHz Sampling rate in Hz.
 * @param maxAbsMv Greatest magnitude of a sample in mV.
 * @param stepMv Least height of a step in mV.
 * @param maxStepFraction Greatest part of the samples on a step, 0 to 1.
 * @param minCorrelation Least r, -1 to 1.
 * @returns One reason per repeat.
 * @throws {RangeError} If a sample is not finite.
 */
export function gateReasons(
  repeats: readonly Float64Array[],
  rateHz: number,
  maxAbsMv: number,
  stepMv: number,
  maxStepFraction: number,
  minCorrelation: number,
): GateReason[] {
  const inRange = repeats.map((repeat, i) =>
    isInRange(repeat, maxAbsMv, `repeat ${i}`)
  );
  const correlations = finiteLeaveOneOutCorrelation(repeats);
  return repeats.map((repeat, i) => {
    if (!inRange[i]) return "range";
    const fraction = finiteStepFraction(repeat, rateHz, stepMv, STEP_SMOOTH_MS);
    if (fraction > maxStepFraction) return "step";
    return (correlations[i] as number) < minCorrelation ? "xcorr" : "kept";
  });
}

/** Whether a repeat has samples and none is beyond a limit. */
function isInRange(x: Float64Array, maxAbsMv: number, name: string): boolean {
  // One pass shows most repeats to be finite, too.
  if (firstBeyond(x, maxAbsMv) < 0) return x.length > 0;
  checkFinite("gate repeats", x, name);
  return x.every((sample) => Math.abs(sample) <= maxAbsMv);
}
