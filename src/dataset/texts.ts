import { isPrintable, printable } from "../base/printable.ts";
import type { CellMeta, GateTally, StimMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";

/** Fields of a dataset that its text shows. */
interface DatasetSummary {
  readonly stims: readonly Tensor[];
  readonly responses: readonly (readonly Tensor[])[];
  readonly nrnMasks: readonly (readonly boolean[])[];
  readonly stimMeta: readonly StimMeta[];
  readonly nrnMeta: readonly CellMeta[];
  readonly selectedNeurons: readonly number[];
  readonly selectedStims: readonly number[];
  readonly tally: GateTally;
  toString(): string;
}

/** Tensor with a text: a copy unless it has one. */
export function printableTensor(tensor: Tensor): Tensor {
  return isPrintable(tensor) ? tensor : printable({ ...tensor }, tensorText);
}

/** Text of a tensor, such as `Tensor (1, 53, 347) dB, bins of 5 ms`. */
export function tensorText({ shape, unit, dtMs }: Tensor): string {
  const bins = dtMs === undefined ? "" : `, bins of ${dtMs} ms`;
  return `Tensor (${shape.join(", ")})${unit ? ` ${unit}` : ""}${bins}`;
}

/** Text of a dataset: a few lines, however large it is. */
export function datasetText(dataset: DatasetSummary): string {
  const { stims, responses, nrnMasks, nrnMeta, stimMeta } = dataset;
  const heard = responses.flatMap((row, s) =>
    row.filter((_, n) => nrnMasks[s]?.[n])
  );
  const tally = Object.entries(dataset.tally)
    .map(([reason, count]) => `${reason} ${count}`);
  return [
    `NeuralDataset ${dataset}`,
    `  stims      ${stims.length} of ${shapesText(stims)}`,
    `  responses  ${heard.length} of ${shapesText(heard)}`,
    `  visible    ${dataset.selectedNeurons.length} of ${nrnMeta.length} cells, ` +
    `${dataset.selectedStims.length} of ${stims.length} stimuli`,
    `  repeats    ${tally.join(", ")}`,
    `  nrnMeta    ${keysOf(nrnMeta)}`,
    `  stimMeta   ${keysOf(stimMeta)}`,
  ].join("\n");
}

/** Shapes of many tensors: each axis as a number or a range. */
function shapesText(tensors: readonly Tensor[]): string {
  const [first] = tensors;
  const axes = (first?.shape ?? []).map((_, axis) => {
    const lengths = tensors.map(({ shape }) => shape[axis] ?? 0);
    const [least, most] = lengths.reduce(
      ([a, b], length) => [Math.min(a, length), Math.max(b, length)],
      [Infinity, 0],
    );
    return least === most ? `${least}` : `${least}..${most}`;
  });
  return `(${axes.join(", ")})${first?.unit ? ` ${first.unit}` : ""}`;
}

function keysOf(metas: readonly (CellMeta | StimMeta)[]): string {
  const keys = new Set(metas.flatMap((meta) => Object.keys(meta)));
  return [...keys].join(", ") || "empty";
}
