import type { MonoTypeOperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import { checkOperatorOptions, pickedOptions } from "./_arguments.ts";
import { parallelSteps } from "./parallel.ts";
import {
  normalize,
  type NormalizeMethod,
  type NormalizeOptions,
} from "./normalize.ts";

const OPTIONS = ["normalize", "ranges", "onRanges", "parallel"] as const;

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
 * The standard chain for the Wingert et al. 2026 recordings as one operator. The
 * recordings are stored binned and aligned, so that {@linkcode normalize} is all
 * of it.
 *
 * - Out: stimuli `(1, 32, T)` and repeats `[T]`, float32, bins of 10 ms; 0 to 1,
 *   or magnitudes and spike counts with `normalize: "none"`.
 * - Without `ranges` the first read passes over the whole stream, which
 *   {@linkcode toDataset} does not read again.
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
 * @throws {RangeError} When called, if an option does not exist, or `ranges` do
 * not fit.
 */
export function wingert2026Pipeline(
  options: Wingert2026PipelineOptions = {},
): MonoTypeOperatorFunction<Session> {
  const act = "run the pipeline";
  checkOperatorOptions(act, "wingert2026Pipeline", options, OPTIONS);
  const { normalize: method } = options;
  const operators = [
    ...parallelSteps(options.parallel),
    normalize({
      ...pickedOptions(options, ["ranges", "onRanges"]),
      ...(method !== undefined && { method }),
    }),
  ];
  return (sessions) =>
    operators.reduce((stream, operator) => stream.pipe(operator), sessions);
}
