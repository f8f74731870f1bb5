import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type { Session } from "../session.ts";
import { asStep } from "./_session_operator.ts";
import { medgaussDetrend } from "../kernels/medgauss_detrend.ts";
import { mapResponses } from "./map_responses.ts";

/** Options for {@linkcode detrend}. */
export interface DetrendOptions {
  /**
   * Window of the running median in ms, above 0 to 10,000.
   *
   * @default {100}
   */
  readonly medianMs?: number;
  /**
   * Standard deviation of the gaussian in ms, above 0 to 10,000.
   *
   * @default {10}
   */
  readonly gaussMs?: number;
}

/**
 * Takes the slow baseline (MedGauss) off every repeat.
 *
 * - In: repeats `[T]`, as stored. Out: new arrays, mV, float64.
 * - Baseline: running median, smoothed by a gaussian cut at 4 standard
 *   deviations, both with reflected edges.
 * - Reference: SciPy 1.10 `x - gaussian_filter1d(median_filter(x))`.
 *
 * @example Detrend with a longer median window
 * ```ts
 * import { detrend, wehr } from "rxephys";
 *
 * const detrended = wehr("data").pipe(detrend({ medianMs: 250 }));
 * ```
 *
 * @throws {RangeError} When called, if an option is outside its range.
 */
export function detrend(
  options: DetrendOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { medianMs = 100, gaussMs = 10 } = options;
  checkRange("detrend", "medianMs", medianMs, Number.MIN_VALUE, 10_000);
  checkRange("detrend", "gaussMs", gaussMs, Number.MIN_VALUE, 10_000);
  const detrended = mapResponses((response) => ({
    ...response,
    scale: 1,
    repeats: response.repeats.map((repeat) =>
      medgaussDetrend(
        repeat instanceof Float32Array ? new Float64Array(repeat) : repeat,
        response.rateHz,
        medianMs,
        gaussMs,
        response.scale,
      )
    ),
  }));
  return asStep(
    {
      module: import.meta.url,
      name: "detrend",
      args: [{ medianMs, gaussMs }],
    },
    detrended,
  );
}
