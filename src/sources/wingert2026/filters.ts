import { nearestName } from "../../base/nearest.ts";
import type { CellMeta } from "../../session.ts";
import { eitherOption } from "../shared/options.ts";

/** Brain areas of the Wingert et al. 2026 recordings. */
export type WingertArea = "A1" | "PEG" | "AC" | "HC";

const AREAS: readonly string[] = ["A1", "PEG", "AC", "HC"];

/** Filters for the cells of the Wingert et al. 2026 recordings. */
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
  /** Another spelling of {@linkcode Wingert2026Filters.site}. */
  readonly sites?: string | readonly string[];
  /**
   * Whether to include cells to which the cell list gives no area. An `area`
   * leaves them out again.
   *
   * @default {false}
   */
  readonly includeUnlabeled?: boolean;
}

/** Names of the filters. */
export const FILTERS = [
  "area",
  "site",
  "sites",
  "includeUnlabeled",
] as const satisfies readonly (keyof Wingert2026Filters)[];

/** Filters of the right form. */
export interface CheckedFilters {
  readonly areas: readonly string[] | null;
  readonly sites: readonly string[] | null;
  readonly includeUnlabeled: boolean;
}

/**
 * Checks the form of filters, as far as the cell list is not needed.
 *
 * @throws {TypeError} If one is of another type.
 * @throws {RangeError} If one is empty, or an area is none of the four.
 */
export function checkFilters(
  act: string,
  { area, site, sites, includeUnlabeled = false }: Wingert2026Filters,
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
  const chosen = eitherOption(act, ["site", site], ["sites", sites]);
  return { areas, sites: textList(act, "site", chosen), includeUnlabeled };
}

/**
 * Cells that pass the filters, in the order of the list.
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
  const present = new Set(inAreas.map(({ site }) => String(site)));
  const absent = sites?.filter((site) => !present.has(site)) ?? [];
  if (absent.length > 0) throw siteError(act, absent, present);
  const left = inAreas.filter(({ site }) =>
    sites?.includes(String(site)) ?? true
  );
  if (left.length > 0) return left;
  const asked = areas?.join(", ") ?? "not given";
  const known = new Set(cells.flatMap(({ area }) => area ?? []));
  throw new RangeError(
    `Cannot ${act}: area is ${asked}, expected one of which the cell list has ` +
      `a cell: ${[...known].sort().join(", ") || "it names no area"}`,
  );
}

function siteError(
  act: string,
  absent: readonly string[],
  present: ReadonlySet<string>,
): RangeError {
  const nearest = absent.map((site) => nearestName(site, present))
    .filter((site) => site !== undefined);
  const hint = nearest.length === 0 ? "" : `, such as ${nearest.join(", ")}`;
  return new RangeError(
    `Cannot ${act}: site is ${absent.join(", ")}, expected one of the cell ` +
      `list that has a cell in the areas chosen${hint}`,
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
