import type { CellMeta, MetaValue } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { isHeard } from "./_response_table.ts";

/** Row of a table of cells. */
export interface CellRow {
  /** Index of the cell in the dataset. */
  readonly cell: number;
  /** Number of stimuli that the cell heard. */
  readonly heard: number;
  /** Number of its repeats of all stimuli. */
  readonly repeats: number;
  /** Metadata of the cell. */
  readonly [key: string]: MetaValue | undefined;
}

/** Responses and cells of a dataset. */
interface DatasetContent {
  readonly responses: readonly (readonly Tensor[])[];
  readonly nrnMeta: readonly CellMeta[];
}

/** Rows of some cells. */
export function cellRows(
  { responses, nrnMeta }: DatasetContent,
  cells: readonly number[],
): CellRow[] {
  return cells.map((cell) => {
    const heard = responses.flatMap((row) => row[cell] ?? []).filter(isHeard);
    const repeats = heard.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    return { cell, heard: heard.length, repeats, ...nrnMeta[cell] };
  });
}
