import type { CellMeta, GateTally, StimMeta } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";

/** The responses of one cell to one stimulus, `(R, T)`. */
export interface Pair {
  /** Index of the stimulus. */
  readonly stim: number;
  /** Index of the cell. */
  readonly cell: number;
  /** Responses `(R, T)`. */
  readonly response: Tensor;
}

/** What a dataset is made of: see `NeuralDataset.fromPairs`. */
export interface NeuralDatasetParts {
  /**
   * One tensor per stimulus: spectrograms `(1, F, T)` of one F, or waveforms
   * `(1, T * samplesPerBin)` of one `samplesPerBin`; all of one `dtMs`.
   */
  readonly stims: readonly Tensor[];
  /** What is known of each stimulus. */
  readonly stimMeta: readonly StimMeta[];
  /** What is known of each cell. */
  readonly nrnMeta: readonly CellMeta[];
  /** The pairs that were presented, each once. */
  readonly pairs: readonly Pair[];
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}
