import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type { CellResponse, Session } from "../session.ts";
import { blockMeans } from "../kernels/block_means.ts";
import { inUnits } from "../kernels/common/units.ts";
import { withEachResponse } from "./_each_response.ts";
import { checkOperatorOptions } from "./_options.ts";
import {
  mapPresentation,
  mapPresentations,
  sessionOperator,
} from "./_session_operator.ts";

/** Names of {@linkcode BinOptions}. */
export const BIN_OPTIONS = ["dtMs"] as const;

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
 *   samples, float64; samples after the last full block are dropped, and a repeat
 *   shorter than one block gives its mean.
 * - Presentations have `dtMs` from here on, before they are read.
 *
 * @example Bins of 10 ms
 * ```ts
 * import { bin, wehr } from "rxephys";
 *
 * const binned = wehr("data").pipe(bin({ dtMs: 10 }));
 * ```
 *
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range; in the stream, if a bin would be narrower than half a sample.
 */
export function bin(
  options: BinOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("bin", "bin", options, BIN_OPTIONS);
  const { dtMs = 5 } = options;
  checkRange("bin", "dtMs", dtMs, Number.MIN_VALUE, 10_000);
  const binned = (response: CellResponse): CellResponse => {
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
  };
  return sessionOperator(
    { name: "bin", module: import.meta.url, args: [{ dtMs }] },
    (session) =>
      mapPresentations(session, (presentation) => {
        const item = withEachResponse("bin", session, presentation, binned);
        return mapPresentation("bin", item, { dtMs });
      }),
  );
}
