import { printable } from "../base/printable.ts";
import type { Tensor } from "../tensor.ts";
import type { NeuralDatasetParts } from "./parts.ts";
import { printableTensor } from "./texts.ts";
import type { CellMeta, ResponseKind } from "../session.ts";

/** Kind of the responses of all cells, `mixed` if they differ. */
export function signalTypeOf(
  cells: readonly CellMeta[],
): ResponseKind | "mixed" {
  const kinds = new Set(cells.map(({ signalType = "raw" }) => signalType));
  const [kind = "mixed"] = kinds;
  return kinds.size === 1 ? kind : "mixed";
}

/**
 * Shared `(1, 1)` NaN tensor for pairs that were never presented, in every
 * dataset. A response is real if it is not this object.
 */
const SENTINEL: Tensor = Object.freeze(printable({
  data: Float32Array.of(NaN),
  shape: Object.freeze([1, 1]),
}, () => "Tensor (1, 1) never presented"));

/** Responses `[s][n]`; the sentinel for pairs that were never presented. */
export function responseTable(
  { stims, nrnMeta, pairs }: NeuralDatasetParts,
): Tensor[][] {
  const table = stims.map(() => nrnMeta.map(() => SENTINEL));
  for (const { stim, cell, response } of pairs) {
    table[stim]?.splice(cell, 1, printableTensor(response));
  }
  return table;
}

/** Whether a response is real and not the sentinel. */
export function isHeard(response: Tensor): boolean {
  return response !== SENTINEL;
}

/** Repeats `[T]` of each stimulus that a cell heard, as views. */
export function* heardRepeats(
  responses: readonly (readonly Tensor[])[],
  cell: number,
): Generator<Float32Array[]> {
  for (const { [cell]: response } of responses) {
    if (response !== undefined && isHeard(response)) yield repeatsOf(response);
  }
}

/** Repeats `[T]` of a response `(R, T)`, as views. */
export function repeatsOf({ data, shape }: Tensor): Float32Array[] {
  const [repeats = 0, bins = 0] = shape;
  return Array.from(
    { length: repeats },
    (_, r) => data.subarray(r * bins, (r + 1) * bins),
  );
}
