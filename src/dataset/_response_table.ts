import type { Tensor } from "../tensor.ts";
import type { NeuralDatasetParts } from "./parts.ts";
import type { CellMeta, ResponseKind } from "../session.ts";

/** Kind of the responses of all cells, `mixed` if they differ. */
export function signalTypeOf(
  cells: readonly CellMeta[],
): ResponseKind | "mixed" {
  const kinds = new Set(cells.map(({ signalType = "raw" }) => signalType));
  return kinds.size === 1 ? [...kinds][0] : "mixed";
}

/**
 * Shared `(1, 1)` NaN tensor for pairs that were never presented, in every
 * dataset. A response is real if it is not this object.
 */
const SENTINEL: Tensor = Object.freeze({
  data: Float32Array.of(NaN),
  shape: Object.freeze([1, 1]),
});

/** Responses `[s][n]`; the sentinel for pairs that were never presented. */
export function responseTable(
  { stims, nrnMeta, pairs }: NeuralDatasetParts,
): Tensor[][] {
  const table = stims.map(() => nrnMeta.map(() => SENTINEL));
  for (const { stim, cell, response } of pairs) table[stim][cell] = response;
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
    if (!isHeard(response)) continue;
    const { data, shape: [repeats, bins] } = response;
    yield Array.from(
      { length: repeats },
      (_, r) => data.subarray(r * bins, (r + 1) * bins),
    );
  }
}
