import type { MonoTypeOperatorFunction } from "rxjs";
import { checkRange } from "../base/check.ts";
import type { CellResponse, Session } from "../session.ts";
import { blockMeans, blockRates, blockSums } from "../kernels/block_means.ts";
import { inUnits } from "../kernels/common/units.ts";
import { freeing, withEachResponse } from "./_each_response.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import {
  mapPresentation,
  mapPresentations,
  sessionOperator,
} from "./_session_operator.ts";

/** Names of {@linkcode BinOptions}. */
export const BIN_OPTIONS = ["dtMs", "reduce"] as const;

/** Options for {@linkcode bin}. */
export interface BinOptions {
  /**
   * Width of a bin in ms, above 0 to 10,000; at least half a sample.
   *
   * @default {5}
   */
  readonly dtMs?: number;
  /**
   * Value of a bin: the `mean` of its samples, their `sum` (such as a count of
   * spikes), or their sum per second as a `rate`, whose unit gets `/s`.
   *
   * @default {"mean"}
   */
  readonly reduce?: BinReduction;
}

/** Value that {@linkcode bin} gives a bin of its samples. */
export type BinReduction = "mean" | "sum" | "rate";

/**
 * Averages or sums every repeat in bins of `dtMs`.
 *
 * - In: repeats `[T]`. Out: means (or sums, or rates) of blocks of
 *   `round(dtMs * rateHz / 1000)` samples, float64; samples after the last full
 *   block are dropped, and a repeat shorter than one block is one block.
 * - Presentations have `dtMs` from here on, before they are read.
 *
 * @example Bins of 10 ms
 * ```ts
 * import { bin, wehr } from "rxephys";
 *
 * const binned = wehr("data").pipe(bin({ dtMs: 10 }));
 * ```
 *
 * @example Spikes a second
 * ```ts
 * import { asari, bin, detrend, signal } from "rxephys";
 *
 * const rates = asari("data", { sites: "MGB" }).pipe(
 *   detrend(),
 *   signal(),
 *   bin({ reduce: "rate" }),
 * );
 * ```
 *
 * @throws {TypeError} When called, if `dtMs` is no number, or `reduce` is none of
 * the three.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range; in the stream, if a bin would be narrower than half a sample.
 */
export function bin(
  options: BinOptions = {},
): MonoTypeOperatorFunction<Session> {
  checkOperatorOptions("bin", "bin", options, BIN_OPTIONS);
  const { dtMs = 5, reduce = "mean" } = options;
  checkRange("bin", "dtMs", dtMs, Number.MIN_VALUE, 10_000);
  const reduced = reductionOf(reduce);
  const binned = (response: CellResponse): CellResponse => {
    const { rateHz, scale, unit } = response;
    checkRange("bin", "dtMs", dtMs, 500 / rateHz, 10_000);
    return {
      ...response,
      scale: 1,
      rateHz: 1000 / dtMs,
      dtMs,
      ...(reduce === "rate" && unit !== undefined && { unit: `${unit}/s` }),
      repeats: response.repeats.map((repeat) =>
        reduced(inUnits(repeat, scale), rateHz, dtMs)
      ),
    };
  };
  return sessionOperator(
    { name: "bin", module: import.meta.url, args: [{ dtMs, reduce }] },
    (session) =>
      mapPresentations(session, (presentation) => {
        const item = withEachResponse(
          "bin",
          session,
          presentation,
          freeing(binned, presentation),
        );
        return mapPresentation("bin", item, { dtMs });
      }),
  );
}

const REDUCTIONS = { mean: blockMeans, sum: blockSums, rate: blockRates };

function reductionOf(reduce: BinReduction): typeof blockMeans {
  if (Object.hasOwn(REDUCTIONS, reduce)) return REDUCTIONS[reduce];
  throw new TypeError(
    `Cannot bin: reduce is ${JSON.stringify(reduce)}, expected mean, sum or ` +
      "rate",
  );
}
