import type { StimMeta } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";

/** One entry of a dataset, under its selections. */
export interface DatasetItem {
  /** Index of the stimulus in the whole dataset. */
  readonly index: number;
  /** Stimulus `(1, F, T)`, or waveform `(1, T * samplesPerBin)`. */
  readonly stims: Tensor;
  /** Responses `(R, T)` of the selected cells; the sentinel where not heard. */
  readonly responses: readonly Tensor[];
  /** Per selected cell: whether it heard the stimulus. */
  readonly validMask: readonly boolean[];
  /** What is known of the stimulus. */
  readonly stimMeta: StimMeta;
}
