import type { CellMeta } from "../../session.ts";
import type { ArchiveOptions } from "../archive/archive.ts";
import { shownName } from "../archive/address.ts";
import { readCellList } from "../formats/cell_list.ts";
import { type CheckedFilters, filteredCells } from "./filters.ts";
import { cellListPath, openCellList } from "./release.ts";

/**
 * The cells of a release's cell list that filters let through, in its order. No
 * recording is opened.
 *
 * @param path Path or address of the release.
 * @param options Its `cellList` is the path or address of the cell list, where
 * that is not the one that belongs to `path`.
 */
export async function readCells(
  act: string,
  path: string,
  filters: CheckedFilters,
  options: ArchiveOptions & { readonly cellList?: string },
): Promise<CellMeta[]> {
  const list = options.cellList ?? await cellListPath(path, options);
  const stream = await openCellList(list, options);
  const rows = await Array.fromAsync(
    readCellList(stream, { archive: shownName(list) }, options.limits),
  );
  options.signal?.throwIfAborted();
  return filteredCells(act, rows.map((row) => ({ ...row })), filters);
}
