import type { CellMeta } from "../../session.ts";
import type { ArchiveOptions } from "../../archive/archive.ts";
import { shownName } from "../../http/address.ts";
import { readCellList } from "./_cell_list.ts";
import { cellListPath, openCellList } from "./_release.ts";

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

/** Brain areas of the Wingert et al. 2026 recordings. */
export type WingertArea = "A1" | "PEG" | "AC" | "HC";

const AREAS: readonly string[] = ["A1", "PEG", "AC", "HC"];

/** Which cells of the Wingert et al. 2026 recordings. */
export interface Wingert2026Filters {
  /**
   * Brain areas, one or a list: `A1`, `PEG`, `AC`, `HC`.
   *
   * @default all four, and no cell without an area
   */
  readonly area?: WingertArea | readonly WingertArea[];
  /**
   * Recording sites, one or a list, as the cell list names them (`siteid`). Each
   * must have a cell in the areas chosen.
   *
   * @default all
   */
  readonly site?: string | readonly string[];
  /**
   * Whether to take in the cells to which the cell list gives no area, too. An
   * `area` leaves them out again.
   *
   * @default {false}
   */
  readonly includeUnlabeled?: boolean;
}

/** Filters whose form is right. */
export interface CheckedFilters {
  readonly areas: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly includeUnlabeled: boolean;
}

/**
 * Checks the form of filters: what can be told without the cell list.
 *
 * @throws {TypeError} If one is of another type.
 * @throws {RangeError} If one is empty, or an area is none of the four.
 */
export function checkFilters(
  act: string,
  { area, site, includeUnlabeled = false }: Wingert2026Filters,
): CheckedFilters {
  if (typeof includeUnlabeled !== "boolean") {
    throw new TypeError(
      `Cannot ${act}: includeUnlabeled is ${String(includeUnlabeled)}, ` +
        "expected true or false",
    );
  }
  const areas = textList(act, "area", area);
  const odd = areas?.find((one) => !AREAS.includes(one));
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot ${act}: area is ${odd}, expected ${AREAS.join(", ")}`,
    );
  }
  return { areas, sites: textList(act, "site", site), includeUnlabeled };
}

/**
 * The cells that filters let through, in the order of the list.
 *
 * @throws {RangeError} If a site has no cell in the areas, or no cell is left.
 */
export function filteredCells<Cell extends CellMeta>(
  act: string,
  cells: readonly Cell[],
  { areas, sites, includeUnlabeled }: CheckedFilters,
): Cell[] {
  const inAreas = cells.filter(({ area }) =>
    areas?.includes(String(area)) ??
      (includeUnlabeled || AREAS.includes(String(area)))
  );
  const present = new Set(inAreas.map(({ site }) => site));
  const absent = sites?.filter((site) => !present.has(site)) ?? [];
  if (absent.length > 0) {
    throw new RangeError(
      `Cannot ${act}: site is ${absent.join(", ")}, expected one of the cell ` +
        "list that has a cell in the areas chosen",
    );
  }
  const left = inAreas.filter(({ site }) =>
    sites?.includes(String(site)) ?? true
  );
  if (left.length > 0) return left;
  throw new RangeError(
    `Cannot ${act}: area is ${
      areas?.join(", ") ?? "not given"
    }, expected one ` +
      "of which the cell list has a cell",
  );
}

function textList(act: string, name: string, value: unknown): string[] | null {
  if (value === undefined) return null;
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const odd = texts.find((text) => typeof text !== "string");
  if (odd !== undefined) {
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(odd)}, expected a text or a list`,
    );
  }
  if (texts.length > 0) return texts as string[];
  throw new RangeError(`Cannot ${act}: ${name} is empty, expected one or more`);
}
