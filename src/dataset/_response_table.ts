import type { Tensor } from "../tensor.ts";
import type { NeuralDatasetParts } from "./parts.ts";
import type { CellMeta, ResponseKind } from "../session.ts";

/** What the responses of all cells are, `mixed` where they differ. */
export function signalTypeOf(
  cells: readonly CellMeta[],
): ResponseKind | "mixed" {
  const kinds = new Set(cells.map(({ signalType = "raw" }) => signalType));
  return kinds.size === 1 ? [...kinds][0] : "mixed";
}

/**
 * The one `(1, 1)` NaN that stands for every pair that was never presented, in
 * every dataset: a response is real if it is another tensor than this.
 */
const SENTINEL: Tensor = Object.freeze({
  data: Float32Array.of(NaN),
  shape: Object.freeze([1, 1]),
});

/** Responses `[s][n]` of the pairs, the sentinel everywhere else. */
export function responseTable(
  { stims, nrnMeta, pairs }: NeuralDatasetParts,
): Tensor[][] {
  const table = stims.map(() => nrnMeta.map(() => SENTINEL));
  for (const { stim, cell, response } of pairs) table[stim][cell] = response;
  return table;
}

/** Whether a response was presented. */
export function isHeard(response: Tensor): boolean {
  return response !== SENTINEL;
}

/** Repeats `[T]` of each stimulus that a cell heard: views, no copies. */
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
