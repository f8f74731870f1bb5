import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type {
  CellResponse,
  GateReason,
  GateTally,
  Session,
  Trials,
} from "../session.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import {
  mapPresentations,
  mapTrials,
  sessionOperator,
} from "./_session_operator.ts";
import { gateReasons } from "../kernels/gate/gate_reasons.ts";
import { inUnits } from "../kernels/common/units.ts";

/** Names of {@linkcode GateOptions}. */
export const GATE_OPTIONS = [
  "maxAbsMv",
  "stepMv",
  "maxStepFraction",
  "minCorrelation",
] as const;

/** Options for {@linkcode gate}. */
export interface GateOptions {
  /**
   * Greatest magnitude of a sample in mV, above 0.
   *
   * @default {150}
   */
  readonly maxAbsMv?: number;
  /**
   * Distance in mV from the smoothed trace's median beyond which a sample is part
   * of a step, above 0.
   *
   * @default {30}
   */
  readonly stepMv?: number;
  /**
   * Greatest fraction of samples in a step, 0 to 1.
   *
   * @default {5e-3}
   */
  readonly maxStepFraction?: number;
  /**
   * Least correlation with the median of the other repeats, -1 to 1.
   *
   * @default {0.05}
   */
  readonly minCorrelation?: number;
}

/**
 * Drops bad repeats and counts why.
 *
 * - In and out: detrended repeats `[T]` in mV; those kept are the same arrays.
 * - The first test that fails names the reason: `range` (a sample too large, or no
 *   sample), `step` (too much of the 5 ms median-smoothed trace far from its
 *   median), `xcorr` (Pearson r with the sample-wise median of the other
 *   repeats, where there are at least three).
 * - A cell whose repeats are all dropped has a `null` response.
 *
 * @example A stricter gate
 * ```ts
 * import { detrend, gate, wehr } from "rxephys";
 *
 * const gated = wehr("data").pipe(detrend(), gate({ minCorrelation: 0.2 }));
 * ```
 *
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range.
 */
export function gate(
  options: GateOptions = {},
): MonoTypeOperatorFunction<Session> {
  const checked = checkedGate(options);
  const reasonsOf = (response: CellResponse): GateReason[] =>
    gateVerdicts(response, checked);
  const args = [checked];
  return sessionOperator(
    { name: "gate", module: import.meta.url, args },
    (session) =>
      mapPresentations(
        session,
        (presentation) =>
          mapTrials(
            "gate",
            presentation,
            (trials) => gated(trials, reasonsOf),
            "received",
          ),
      ),
  );
}

/**
 * Options of {@linkcode gate} with their defaults.
 *
 * @throws {RangeError} If one is outside its range or does not exist.
 */
export function checkedGate(options: GateOptions): Required<GateOptions> {
  checkOperatorOptions("gate", "gate", options, GATE_OPTIONS);
  const {
    maxAbsMv = 150,
    stepMv = 30,
    maxStepFraction = 5e-3,
    minCorrelation = 0.05,
  } = options;
  checkRange("gate", "maxAbsMv", maxAbsMv, Number.MIN_VALUE, Infinity);
  checkRange("gate", "stepMv", stepMv, Number.MIN_VALUE, Infinity);
  checkRange("gate", "maxStepFraction", maxStepFraction, 0, 1);
  checkRange("gate", "minCorrelation", minCorrelation, -1, 1);
  return { maxAbsMv, stepMv, maxStepFraction, minCorrelation };
}

/** Verdict on each repeat of a detrended response. */
export function gateVerdicts(
  { repeats, scale, rateHz }: CellResponse,
  options: Required<GateOptions>,
): GateReason[] {
  return gateReasons(
    repeats.map((repeat) => inUnits(repeat, scale)),
    rateHz,
    options.maxAbsMv,
    options.stepMv,
    options.maxStepFraction,
    options.minCorrelation,
  );
}

function gated(
  trials: Trials,
  reasonsOf: (response: CellResponse) => GateReason[],
): Trials {
  const tally: Record<GateReason, number> = { ...trials.tally };
  const responses = trials.responses.map((response) => {
    if (response === null) return null;
    const reasons = reasonsOf(response);
    for (const reason of reasons) tally[reason]++;
    return kept(response, reasons);
  });
  return { responses, tally: tally satisfies GateTally };
}

function kept(
  response: CellResponse,
  reasons: readonly GateReason[],
): CellResponse | null {
  const repeats = response.repeats.filter((_, i) => reasons[i] === "kept");
  return repeats.length === 0 ? null : { ...response, repeats };
}
