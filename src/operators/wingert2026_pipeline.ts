import type { MonoTypeOperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import { parallelSteps } from "./parallel.ts";
import {
  normalize,
  type NormalizeMethod,
  type NormalizeOptions,
} from "./normalize.ts";

/** Options for {@linkcode wingert2026Pipeline}. */
export interface Wingert2026PipelineOptions
  extends Pick<NormalizeOptions, "ranges" | "onRanges"> {
  /**
   * How stimuli and responses are mapped to 0 to 1: the `method` of
   * {@linkcode normalize}.
   *
   * @default {"bandAndNeuron"}
   */
  readonly normalize?: NormalizeMethod;
  /**
   * Whether {@linkcode parallel} is part of the chain: true for as many workers
   * as cores, or their number, 1 to 64.
   *
   * @default {false}
   */
  readonly parallel?: boolean | number;
}

/**
 * The standard chain for the Wingert et al. 2026 recordings as one operator:
 * they are binned and aligned as they come, so that it is {@linkcode normalize}
 * alone.
 *
 * - Out: stimuli `(1, 32, T)` and repeats `[T]`, float32, bins of 10 ms; 0 to 1
 *   but for `normalize: "none"`, which leaves magnitudes and spike counts.
 * - Without `ranges` the first read makes a pass over the whole stream.
 * - No smoothing: a window of 21 ms holds one bin and changes nothing.
 *
 * @example The dataset of one site, as the public loader makes it
 * ```ts
 * import { toDataset, wingert2026, wingert2026Pipeline } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(
 *     wingert2026("data", { site: "CLT027c" })
 *       .pipe(wingert2026Pipeline(), toDataset()),
 *   );
 * ```
 *
 * @throws {TypeError} When called, if `normalize` is none of the three.
 * @throws {RangeError} When called, if `ranges` do not fit.
 */
export function wingert2026Pipeline(
  options: Wingert2026PipelineOptions = {},
): MonoTypeOperatorFunction<Session> {
  const { normalize: method, ranges, onRanges } = options;
  const operators = [
    ...parallelSteps(options.parallel),
    normalize({ method, ranges, onRanges }),
  ];
  return (sessions) =>
    operators.reduce((stream, operator) => stream.pipe(operator), sessions);
}
