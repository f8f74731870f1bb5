import { printable } from "../base/printable.ts";
import type { StimMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { tensorText } from "./texts.ts";

/** One stimulus of a dataset with the responses of the selected cells. */
export interface DatasetItem {
  /** Index of the stimulus in the dataset. */
  readonly index: number;
  /** Stimulus `(1, F, T)`, or waveform `(1, T * samplesPerBin)`. */
  readonly stims: Tensor;
  /** Responses `(R, T)` of the selected cells; the sentinel if not heard. */
  readonly responses: readonly Tensor[];
  /** Whether each selected cell heard the stimulus. */
  readonly validMask: readonly boolean[];
  /** Metadata of the stimulus. */
  readonly stimMeta: StimMeta;
}

/** Content of a dataset. */
interface DatasetContent {
  readonly stims: readonly Tensor[];
  readonly responses: readonly (readonly Tensor[])[];
  readonly nrnMasks: readonly (readonly boolean[])[];
  readonly stimMeta: readonly StimMeta[];
}

/** Item of a stimulus with the responses of some cells. */
export function itemOf(
  { stims, responses, nrnMasks, stimMeta }: DatasetContent,
  index: number,
  cells: readonly number[],
): DatasetItem {
  return printable({
    index,
    stims: stims[index] as Tensor,
    responses: cells.map((cell) => responses[index]?.[cell] as Tensor),
    validMask: cells.map((cell) => nrnMasks[index]?.[cell] === true),
    stimMeta: stimMeta[index] as StimMeta,
  }, itemText);
}

/** Text of an item of a dataset. */
function itemText(
  { index, stims, responses, validMask, stimMeta }: DatasetItem,
): string {
  const heard = validMask.filter(Boolean).length;
  return [
    `DatasetItem ${index}`,
    `  stims      ${tensorText(stims)}`,
    `  responses  ${heard} of ${responses.length} cells`,
    `  stimMeta   ${JSON.stringify(stimMeta)}`,
  ].join("\n");
}
