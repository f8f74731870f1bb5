import type { StimMeta } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";

/** Options of `NeuralDataset.batches`. */
export interface BatchOptions {
  /**
   * Stimuli of a batch, at least 1.
   *
   * @default {1}
   */
  readonly size?: number;
  /**
   * Whether stimuli come in a random order, rather than the dataset's.
   *
   * @default {false}
   */
  readonly shuffle?: boolean;
  /**
   * Names the random order, a whole number from 0 to 2^53 - 1. An epoch of its
   * own order: `seed + epoch`.
   *
   * @default {0}
   */
  readonly seed?: number;
  /**
   * Batches to pass over, from 0 to as many as there are.
   *
   * @default {0}
   */
  readonly startAt?: number;
  /**
   * What becomes of a last batch that is short of `size`.
   *
   * @default {"keep"}
   */
  readonly last?: "keep" | "drop";
}

/**
 * Some stimuli of a dataset, padded to common shapes: B stimuli, the N selected
 * cells, the R repeats and T bins of the longest.
 */
export interface Batch {
  /** Stimuli `(B, 1, F, T)` or `(B, 1, T * samplesPerBin)`, zero past the end. */
  readonly stims: Tensor;
  /** Responses `(B, N, R, T)`, NaN where there are none. */
  readonly responses: Tensor;
  /** 1 where a response is a number, 0 where it is NaN: `(B, N, R, T)`. */
  readonly validMask: Tensor;
  /** What is known of each of the B stimuli. */
  readonly stimMeta: readonly StimMeta[];
  /** Indices of the B stimuli in the whole dataset. */
  readonly indices: readonly number[];
}
