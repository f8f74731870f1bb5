import { checkOptions } from "../../base/check.ts";
import type { CellMeta } from "../../session.ts";
import {
  checkWingertData,
  readCells,
  type WingertFiles,
} from "./_read_cells.ts";
import { checkFilters, FILTERS, type Wingert2026Filters } from "./filters.ts";

/**
 * Lists the cells of the Wingert et al. 2026 recordings: their metadata alone, no
 * recording is opened.
 *
 * - Out: one entry per cell, in the order of `cell_list.csv`: `cellId`, `site`,
 *   `session`, `area`, `layer`, `depth` in um, `narrow`, `celltype`, `sw` in ms,
 *   `goodpred`, `animal`, `electrode`, `unitInElectrode`; null if not known.
 * - They are the cells of {@linkcode wingert2026} with the same filters.
 *
 * @example Number of cells in an area
 * ```ts
 * import { wingert2026Cells } from "rxephys";
 *
 * const count = async () =>
 *   (await wingert2026Cells("~/data/Wingert2026", { area: "PEG" })).length;
 * ```
 *
 * @param data As for {@linkcode wingert2026}; only `cell_list.csv` need be there,
 * so that `{ cellList: file }` is enough.
 * @throws {TypeError} When called, if `data` or a filter is of another type.
 * @throws {RangeError} When called, if an area is none of the four or a filter
 * does not exist; in the promise, if a site is not in the cell list, or no cell
 * is left.
 * @throws {DataNotFoundError} In the promise, if there is no cell list.
 * @throws {FormatError} In the promise, if the cell list is damaged.
 */
export function wingert2026Cells(
  data?: string | URL | Partial<WingertFiles>,
  filters: Wingert2026Filters = {},
): Promise<readonly CellMeta[]> {
  const act = "list cells";
  checkOptions<Wingert2026Filters>(act, filters, FILTERS);
  const placesOf = checkWingertData(act, data, {}, ["cellList"]);
  const checked = checkFilters(act, filters);
  return readAll();

  async function readAll(): Promise<readonly CellMeta[]> {
    return await readCells(act, placesOf(), checked, {});
  }
}
