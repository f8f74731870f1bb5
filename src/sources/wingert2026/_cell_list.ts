import type { DataErrorPlace } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
import { type TableRow, tableRows } from "./_table.ts";

/** One cell of `cell_list.csv`; null where the table is empty. */
export interface CellRow {
  /** Cell, such as `PRN018a-039-1`. */
  readonly cellId: string;
  /** Recording site, as the table names it. */
  readonly site: string;
  /** Session in which it was recorded: the first piece of its id. */
  readonly session: string;
  /** Brain area: `A1`, `PEG`, `AC` or `HC`. */
  readonly area: string | null;
  /** Cortical layer, such as `13`, `44` or `56`. */
  readonly layer: string | null;
  /** Depth in um. */
  readonly depth: number | null;
  /** Whether its spikes are narrow. */
  readonly narrow: boolean | null;
  /** Cell type by its waveform, such as `RS` or `ND`. */
  readonly celltype: string | null;
  /** Width of its spikes in ms. */
  readonly sw: number | null;
  /** Whether the lab's models predict it well. */
  readonly goodpred: boolean | null;
  /** Animal, by its id. */
  readonly animal: string | null;
  /** Number of its electrode, by its id. */
  readonly electrode: number | null;
  /** Number of the cell on its electrode, by its id. */
  readonly unitInElectrode: number | null;
}

const FORM = {
  act: "read cell list",
  rows: "cells",
  columns: [
    "cellid",
    "siteid",
    "area",
    "layer",
    "depth",
    "narrow",
    "celltype",
    "sw",
    "goodpred",
  ],
} as const;
const BOOLEANS = new Map([["", null], ["True", true], ["False", false]]);
// Sites with two probes put the probe's letter before the electrode.
const CELL_ID =
  /^(?<animal>[A-Za-z]{3})[0-9]+[a-z]?-(?:[A-Z]-)?(?<electrode>[0-9]+)-(?<unit>[0-9]+)$/;

type Row = TableRow<typeof FORM.columns[number]>;

/**
 * Reads the table of cells of the Wingert et al. 2026 recordings.
 *
 * @param pieces Bytes of the file, read as rows are asked for. Leaving the
 * generator cancels a stream; a failure of the stream is thrown as it is.
 * @param place Place of the file in errors.
 * @param limits Most that the table may claim.
 * @returns One row per cell, in the order of the file.
 * @throws {FormatError} As {@linkcode tableRows} does, or if a field is not of
 * its kind or a cell is there twice.
 * @throws {LimitError} If a record is longer than the limits allow, or the cells
 * are more than they allow members.
 */
export async function* readCellList(
  pieces: Parameters<typeof tableRows>[0],
  place: DataErrorPlace = {},
  limits: Limits = DEFAULT_LIMITS,
): AsyncGenerator<CellRow> {
  const recordOf = new Map<string, number>();
  for await (const row of tableRows(pieces, FORM, place, limits)) {
    const cell = cellOf(row);
    const known = recordOf.get(cell.cellId);
    if (known !== undefined) {
      throw row.rowError(
        `cellid "${cell.cellId}" is that of record ${known}, too`,
      );
    }
    recordOf.set(cell.cellId, row.record);
    yield cell;
  }
}

function cellOf(row: Row): CellRow {
  const cellId = row.text("cellid");
  const site = row.text("siteid");
  if (cellId === "") throw row.fieldError("cellid", "the id of a cell");
  if (site === "") throw row.fieldError("siteid", "the id of a site");
  return {
    cellId,
    site,
    session: sessionOf(cellId),
    area: row.text("area") || null,
    layer: row.text("layer") || null,
    depth: numberOf("depth", row),
    narrow: booleanOf("narrow", row),
    celltype: row.text("celltype") || null,
    sw: numberOf("sw", row),
    goodpred: booleanOf("goodpred", row),
    ...identityOf(cellId, row),
  };
}

/** Session of a cell; of a recording, the session of its first cell. */
export function sessionOf(cellId: string): string {
  const [session = cellId] = cellId.split("-", 1);
  return session;
}

function identityOf(
  cellId: string,
  row: Row,
): Pick<CellRow, "animal" | "electrode" | "unitInElectrode"> {
  const { animal = null, ...numbers } = CELL_ID.exec(cellId)?.groups ?? {};
  if (animal === null) {
    return { animal, electrode: null, unitInElectrode: null };
  }
  const electrode = Number(numbers.electrode);
  const unitInElectrode = Number(numbers.unit);
  if (
    Number.isSafeInteger(electrode) && Number.isSafeInteger(unitInElectrode)
  ) return { animal, electrode, unitInElectrode };
  throw row.fieldError("cellid", "numbers of fewer digits");
}

function numberOf(column: "depth" | "sw", row: Row): number | null {
  if (row.text(column) === "") return null;
  const value = row.number(column);
  if (!Number.isNaN(value)) return value;
  throw row.fieldError(column, "a number or nothing");
}

function booleanOf(column: "narrow" | "goodpred", row: Row): boolean | null {
  const value = BOOLEANS.get(row.text(column));
  if (value !== undefined) return value;
  throw row.fieldError(column, "True, False or nothing");
}
