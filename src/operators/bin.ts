import { map, type MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type { Session } from "../session.ts";
import { blockMeans } from "../kernels/block_means.ts";
import { asStep, mapPresentations, withDtMs } from "./_session_operator.ts";
import { inUnits } from "../kernels/common/units.ts";
import { mapResponses } from "./map_responses.ts";

/** Options for {@linkcode bin}. */
export interface BinOptions {
  /**
   * Width of a bin in ms, above 0 to 10,000; at least half a sample.
   *
   * @default {5}
   */
  readonly dtMs?: number;
}

/**
 * Averages every repeat in bins of `dtMs`.
 *
 * - In: repeats `[T]`. Out: means of blocks of `round(dtMs * rateHz / 1000)`
 *   samples, float64; what is left over at the end is dropped, and a repeat
 *   shorter than one block gives its mean.
 * - Presentations carry `dtMs` from here on, unread.
 *
 * @example Bins of 10 ms
 * ```ts
 * import { bin, wehr } from "rxephys";
 *
 * const binned = wehr("data").pipe(bin({ dtMs: 10 }));
 * ```
 *
 * @throws {RangeError} When called, if `dtMs` is outside its range; in the
 * stream, if a bin would be narrower than half a sample.
 */
export function bin(
  options: BinOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { dtMs = 5 } = options;
  checkRange("bin", "dtMs", dtMs, Number.MIN_VALUE, 10_000);
  const binned = mapResponses((response) => {
    checkRange("bin", "dtMs", dtMs, 500 / response.rateHz, 10_000);
    return {
      ...response,
      scale: 1,
      rateHz: 1000 / dtMs,
      dtMs,
      repeats: response.repeats.map((repeat) =>
        blockMeans(inUnits(repeat, response.scale), response.rateHz, dtMs)
      ),
    };
  });
  return asStep(
    { module: import.meta.url, name: "bin", args: [{ dtMs }] },
    (sessions) =>
      binned(sessions).pipe(
        map((session) =>
          mapPresentations(session, (item) => withDtMs(item, dtMs))
        ),
      ),
  );
}
