import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import { type CellResponse, isCellAttached, type Session } from "../session.ts";
import { inUnits } from "../kernels/common/units.ts";
import { spikeRate } from "../kernels/spike_rate.ts";
import { mapEachResponse, type ResponseFunction } from "./_each_response.ts";
import { checkOperatorOptions, pickedOptions } from "./_arguments.ts";
import { sessionOperator } from "./_session_operator.ts";

/** Names of {@linkcode SignalOptions}. */
export const SIGNAL_OPTIONS = [
  "spikeMedianMs",
  "spikeGaussMs",
  "clipMedianMs",
  "thresholdSigma",
  "spikeSmoothMs",
] as const;

/** Options for {@linkcode signal}: how spikes are found, in cell-attached cells. */
export interface SignalOptions {
  /**
   * Median window of the detrending before detection in ms, above 0 to 10,000.
   *
   * @default the window of `detrend()`; 100 without it
   */
  readonly spikeMedianMs?: number;
  /**
   * Gaussian of that detrending in ms, above 0 to 10,000.
   *
   * @default the gaussian of `detrend()`; 10 without it
   */
  readonly spikeGaussMs?: number;
  /**
   * Window of the running median subtracted before thresholding, in ms, above
   * 0 to 10,000.
   *
   * @default {10}
   */
  readonly clipMedianMs?: number;
  /**
   * Threshold in standard deviations, above 0 to 100.
   *
   * @default {2.5}
   */
  readonly thresholdSigma?: number;
  /**
   * Hann window that turns spikes into a rate, in ms, above 0 to 10,000.
   *
   * @default {21}
   */
  readonly spikeSmoothMs?: number;
}

/**
 * Turns traces into the signal that their recording mode carries.
 *
 * - Whole cell gives `subthresh`: the detrended membrane potential, mV, signed.
 * - Cell attached gives `spikes`: samples above the threshold, smoothed with a
 *   symmetric Hann window; no unit, never negative.
 * - The recording mode decides (`recordingType` of the cell), never an option: a
 *   cell-attached electrode does not see the membrane potential.
 *
 * @example
 * ```ts
 * import { detrend, gate, signal, wehr } from "rxephys";
 *
 * const potentials = wehr("data").pipe(detrend(), gate(), signal());
 * ```
 *
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range.
 */
export function signal(
  options: SignalOptions = {},
): MonoTypeOperatorFunction<Session> {
  const act = "derive the signal";
  checkOperatorOptions(act, "signal", options, SIGNAL_OPTIONS);
  const {
    spikeMedianMs,
    spikeGaussMs,
    clipMedianMs = 10,
    thresholdSigma = 2.5,
    spikeSmoothMs = 21,
  } = options;
  const least = Number.MIN_VALUE;
  checkRange(act, "spikeMedianMs", spikeMedianMs ?? 100, least, 10_000);
  checkRange(act, "spikeGaussMs", spikeGaussMs ?? 10, least, 10_000);
  checkRange(act, "clipMedianMs", clipMedianMs, least, 10_000);
  checkRange(act, "thresholdSigma", thresholdSigma, least, 100);
  checkRange(act, "spikeSmoothMs", spikeSmoothMs, least, 10_000);
  const spikes = (
    response: CellResponse,
    { medianMs, gaussMs } = { medianMs: 100, gaussMs: 10 },
  ): CellResponse => ({
    ...response,
    kind: "spikes",
    unit: "spikes",
    scale: 1,
    repeats: response.repeats.map((repeat) =>
      spikeRate(
        inUnits(repeat, response.scale),
        response.rateHz,
        spikeMedianMs ?? medianMs,
        spikeGaussMs ?? gaussMs,
        clipMedianMs,
        thresholdSigma,
        spikeSmoothMs,
      )
    ),
  });
  const derived: ResponseFunction = (response, { cell }) => {
    if (response.kind !== "raw") return response;
    const { detrended, ...rest } = response;
    return isCellAttached(cell)
      ? spikes(rest, detrended)
      : { ...rest, kind: "subthresh" };
  };
  const args = [pickedOptions(options, SIGNAL_OPTIONS)];
  return sessionOperator(
    { name: "signal", module: import.meta.url, args },
    (session) => mapEachResponse("signal", session, derived, "received"),
  );
}
