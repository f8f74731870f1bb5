import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type { CellResponse, Session } from "../session.ts";
import { hannSmooth } from "../kernels/hann_smooth.ts";
import { inUnits } from "../kernels/common/units.ts";
import { mapEachResponse } from "./_each_response.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import { sessionOperator } from "./_session_operator.ts";

/** Options for {@linkcode smooth}. */
export interface SmoothOptions {
  /**
   * Length of the Hann window in ms, above 0 to 10,000.
   *
   * @default {21}
   */
  readonly windowMs?: number;
}

/**
 * Smooths every repeat with a Hann window.
 *
 * - In: repeats `[T]`, usually binned. Out: new arrays of the same length,
 *   float64.
 * - The symmetric window has `floor(windowMs / dtMs)` points, or one more if
 *   that is even, and is not normalised (its peak is 1); the response counts as
 *   zero beyond its ends. With bins of 10 ms a window of 21 ms has three points,
 *   `[0, 1, 0]`: nothing changes.
 * - Source: Hsu, Borst and Theunissen 2004, Network 15:91; NumPy's `hanning`.
 *
 * @example Smooth bins of 5 ms
 * ```ts
 * import { bin, smooth, wehr } from "rxephys";
 *
 * const smoothed = wehr("data").pipe(bin(), smooth({ windowMs: 21 }));
 * ```
 *
 * @throws {TypeError} When called, if `windowMs` is no number.
 * @throws {RangeError} When called, if an option does not exist or `windowMs` is
 * outside its range.
 */
export function smooth(
  options: SmoothOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("smooth", "smooth", options, ["windowMs"]);
  const { windowMs = 21 } = options;
  checkRange("smooth", "windowMs", windowMs, Number.MIN_VALUE, 10_000);
  const smoothed = (response: CellResponse): CellResponse => ({
    ...response,
    scale: 1,
    repeats: response.repeats.map((repeat) =>
      hannSmooth(
        inUnits(repeat, response.scale),
        windowPoints(windowMs, response.dtMs ?? 1000 / response.rateHz),
      )
    ),
  });
  return sessionOperator(
    { name: "smooth", module: import.meta.url, args: [{ windowMs }] },
    (session) => mapEachResponse("smooth", session, smoothed),
  );
}

function windowPoints(windowMs: number, dtMs: number): number {
  // Whole bins in the window, as Python's // counts them: 21 // 0.1 is 209,
  // although the quotient rounds to 210.
  const whole = Math.round((windowMs - windowMs % dtMs) / dtMs);
  const points = Math.max(1, whole);
  return points % 2 === 0 ? points + 1 : points;
}
