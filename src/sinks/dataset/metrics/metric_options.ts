import type { Tensor } from "../../../tensor.ts";

/** Options of every metric. */
export interface MetricOptions {
  /**
   * 1 where a response counts, 0 where it does not: `(B, N, R, T)`, such as
   * `validMask` of a batch. A response that is NaN counts nowhere.
   *
   * @default {undefined}
   */
  readonly validMask?: Tensor;
}
