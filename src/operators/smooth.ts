import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type { Session } from "../session.ts";
import { asStep } from "./_session_operator.ts";
import { hannSmooth } from "../kernels/hann_smooth.ts";
import { inUnits } from "../kernels/common/units.ts";
import { mapResponses } from "./map_responses.ts";

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
 * - The symmetric window has `floor(windowMs / dtMs)` points, the next odd
 *   number up where that is even, and is not normalised (its peak is 1); beyond
 *   the ends the response counts as zero. Of 21 ms at 10 ms bins three points
 *   are left, `[0, 1, 0]`: nothing changes.
 * - Source: Hsu, Borst and Theunissen 2004, Network 15:91; NumPy's `hanning`.
 *
 * @example Smooth bins of 5 ms
 * ```ts
 * import { bin, smooth, wehr } from "rxephys";
 *
 * const smoothed = wehr("data").pipe(bin(), smooth({ windowMs: 21 }));
 * ```
 *
 * @throws {RangeError} When called, if `windowMs` is outside its range.
 */
export function smooth(
  options: SmoothOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { windowMs = 21 } = options;
  checkRange("smooth", "windowMs", windowMs, Number.MIN_VALUE, 10_000);
  const smoothed = mapResponses((response) => ({
    ...response,
    scale: 1,
    repeats: response.repeats.map((repeat) =>
      hannSmooth(
        inUnits(repeat, response.scale),
        windowPoints(windowMs, response.dtMs ?? 1000 / response.rateHz),
      )
    ),
  }));
  return asStep(
    { module: import.meta.url, name: "smooth", args: [{ windowMs }] },
    smoothed,
  );
}

function windowPoints(windowMs: number, dtMs: number): number {
  // Whole bins in the window, as Python's // counts them: 21 / 0.1 is 209 of
  // them and a rest, though the quotient rounds to 210.
  const whole = Math.round((windowMs - windowMs % dtMs) / dtMs);
  const points = Math.max(1, whole);
  return points % 2 === 0 ? points + 1 : points;
}
