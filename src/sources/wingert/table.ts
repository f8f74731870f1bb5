import type { CellMeta, ReadOptions } from "../../session.ts";
import { readCellList } from "../formats/cell_list.ts";
import { type CheckedFilters, filteredCells } from "./filters.ts";
import { cellListPath, openCellList } from "./release.ts";

/**
 * The cells of a release's cell list that filters let through, in its order. No
 * recording is opened.
 */
export async function readCells(
  act: string,
  path: string,
  filters: CheckedFilters,
  options: ReadOptions,
): Promise<CellMeta[]> {
  const list = await cellListPath(path, options);
  const stream = await openCellList(list, options);
  const rows = await Array.fromAsync(readCellList(stream, { archive: list }));
  options.signal?.throwIfAborted();
  return filteredCells(act, rows.map((row) => ({ ...row })), filters);
}
