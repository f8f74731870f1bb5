import type { CellMeta } from "../../session.ts";
import { checkData, dataPath } from "../../publishers/data_path.ts";
import { checkFilters, readCells, type Wingert2026Filters } from "./filters.ts";

/**
 * What is known of the cells of the Wingert et al. 2026 recordings: their
 * metadata alone, no recording is opened.
 *
 * - Out: one entry per cell, in the order of `cell_list.csv`: `cellId`, `site`,
 *   `session`, `area`, `layer`, `depth` in um, `narrow`, `celltype`, `sw` in ms,
 *   `goodpred`, `animal`, `electrode`, `unitInElectrode`; null where not known.
 * - They are the cells of {@linkcode wingert2026} with the same filters.
 *
 * @example How many cells an area has
 * ```ts
 * import { wingert2026Cells } from "rxephys";
 *
 * const count = async () =>
 *   (await wingert2026Cells("~/data/Wingert2026", { area: "PEG" })).length;
 * ```
 *
 * @param data As for {@linkcode wingert2026}, addresses too; only `cell_list.csv`
 * need be there.
 * @throws {TypeError} When called, if `data` or a filter is of another type.
 * @throws {RangeError} When called, if an area is none of the four; in the
 * promise, if a site is not in the cell list, or no cell is left.
 * @throws {DataNotFoundError} In the promise, if there is no cell list.
 * @throws {FormatError} In the promise, if the cell list is damaged.
 */
export function wingert2026Cells(
  data?: string | URL,
  filters: Wingert2026Filters = {},
): Promise<readonly CellMeta[]> {
  const act = "list cells";
  checkData(act, data);
  const checked = checkFilters(act, filters);
  return readAll();

  async function readAll(): Promise<readonly CellMeta[]> {
    const path = dataPath(data, "wingert2026", "WINGERT2026_DATA");
    return await readCells(act, path, checked, {});
  }
}
