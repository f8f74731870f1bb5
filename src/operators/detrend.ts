import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import { RecordingError } from "../errors.ts";
import type { CellResponse, Session, Stimulus } from "../session.ts";
import { medgaussDetrend } from "../kernels/medgauss_detrend.ts";
import {
  freeing,
  type ResponseFunction,
  withEachResponse,
} from "./_each_response.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import { mapPresentations, sessionOperator } from "./_session_operator.ts";

/** Names of {@linkcode DetrendOptions}. */
export const DETREND_OPTIONS = ["medianMs", "gaussMs"] as const;

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
 * Subtracts the slow baseline (MedGauss) from every repeat.
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
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range.
 * @throws {RecordingError} In the stream, if responses are binned already.
 */
export function detrend(
  options: DetrendOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("detrend", "detrend", options, DETREND_OPTIONS);
  const { medianMs = 100, gaussMs = 10 } = options;
  checkRange("detrend", "medianMs", medianMs, Number.MIN_VALUE, 10_000);
  checkRange("detrend", "gaussMs", gaussMs, Number.MIN_VALUE, 10_000);
  const detrended: ResponseFunction = (response, { stimulus }) => ({
    ...unbinned(response, stimulus),
    scale: 1,
    detrended: { medianMs, gaussMs },
    repeats: response.repeats.map((repeat) =>
      medgaussDetrend(
        repeat instanceof Float64Array || repeat instanceof Int16Array
          ? repeat
          : new Float64Array(repeat),
        response.rateHz,
        medianMs,
        gaussMs,
        response.scale,
      )
    ),
  });
  const args = [{ medianMs, gaussMs }];
  return sessionOperator(
    { name: "detrend", module: import.meta.url, args },
    (session) =>
      mapPresentations(session, (presentation) =>
        withEachResponse(
          "detrend",
          session,
          presentation,
          freeing(detrended, presentation),
          "new",
        )),
  );
}

/** The response; `bin()` before this operator would give other numbers. */
function unbinned(response: CellResponse, { key }: Stimulus): CellResponse {
  if (response.dtMs === undefined) return response;
  throw new RecordingError(
    `Cannot detrend: responses to ${key} have bins of ${response.dtMs} ms, ` +
      "expected detrend() before bin()",
  );
}
