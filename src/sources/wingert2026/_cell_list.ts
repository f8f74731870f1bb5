import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../../base/limits.ts";
import { csvError, type CsvRecord, csvRecords } from "../../formats/csv.ts";

/** What `cell_list.csv` says of a cell; null where it says nothing. */
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
  /** Animal, as its id names it. */
  readonly animal: string | null;
  /** Number of its electrode, as its id says. */
  readonly electrode: number | null;
  /** Which of the cells of its electrode, as its id says. */
  readonly unitInElectrode: number | null;
}

const ACT = "read cell list";
const COLUMNS = [
  "cellid",
  "siteid",
  "area",
  "layer",
  "depth",
  "narrow",
  "celltype",
  "sw",
  "goodpred",
] as const;
const BOOLEANS = new Map([["", null], ["True", true], ["False", false]]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const CELL_ID = /^([A-Za-z]{3})[0-9]+[a-z]?-([0-9]+)-([0-9]+)$/;

type Column = typeof COLUMNS[number];

/** Fields of a record by column. */
interface Fields {
  text(column: Column): string;
  bad(column: Column, rule: string): FormatError;
}

/**
 * Reads the table of cells of the Wingert et al. 2026 recordings, as pandas
 * writes it: columns are found by name, further ones are ignored.
 *
 * Quoted fields may hold line breaks: records are counted, not lines, and the
 * header is record 1.
 *
 * @param stream The file's bytes, read as rows are asked for. It is cancelled
 * when the generator is left; what it fails with is thrown as it is.
 * @param origin How errors name the file.
 * @param limits The most that it may claim.
 * @returns One row per cell, in the order of the file.
 * @throws {FormatError} If it is no CSV in UTF-8; if a column that is read is
 * missing or there twice; if a record has another number of fields, or a field
 * that is none; if a cell is there twice.
 * @throws {LimitError} If a record is longer than the limits allow, or the cells
 * are more than they allow members.
 */
export async function* readCellList(
  stream: ReadableStream<Uint8Array>,
  origin: DataErrorPlace = {},
  limits: Limits = DEFAULT_LIMITS,
): AsyncGenerator<CellRow> {
  const recordOf = new Map<string, number>();
  let indices: ReadonlyMap<Column, number> | undefined;
  for await (const line of csvRecords(stream, ACT, origin, limits)) {
    if (indices === undefined) {
      indices = columnIndices(line, origin);
      continue;
    }
    const row = rowOf(fieldsOf(line, indices, origin));
    const known = recordOf.get(row.cellId);
    if (known !== undefined) {
      const why = `cellid "${row.cellId}" is that of record ${known}, too`;
      throw csvError(ACT, line.record, why, origin);
    }
    if (recordOf.size === limits.members) {
      const rule = limitText(limits, "members");
      const { archive, member } = origin;
      const options = { archive, member };
      throw new LimitError(
        `Cannot ${ACT}: it has more cells: ${rule}`,
        options,
      );
    }
    recordOf.set(row.cellId, line.record);
    yield row;
  }
  if (indices !== undefined) return;
  const { archive, member } = origin;
  throw new FormatError(`Cannot ${ACT}: it is empty`, { archive, member });
}

function columnIndices(
  { fields, record }: CsvRecord,
  origin: DataErrorPlace,
): ReadonlyMap<Column, number> {
  return new Map(COLUMNS.map((column) => {
    const index = fields.indexOf(column);
    if (index >= 0 && fields.lastIndexOf(column) === index) {
      return [column, index];
    }
    const fault = index < 0 ? "missing" : "there twice";
    throw csvError(ACT, record, `column ${column} is ${fault}`, origin);
  }));
}

function fieldsOf(
  { fields, record }: CsvRecord,
  indices: ReadonlyMap<Column, number>,
  origin: DataErrorPlace,
): Fields {
  const text = (column: Column): string => fields[indices.get(column) ?? -1];
  return {
    text,
    bad(column, rule): FormatError {
      const why = `${column} is "${text(column)}", expected ${rule}`;
      return csvError(ACT, record, why, origin);
    },
  };
}

function rowOf(fields: Fields): CellRow {
  const cellId = fields.text("cellid");
  const site = fields.text("siteid");
  if (cellId === "") throw fields.bad("cellid", "the id of a cell");
  if (site === "") throw fields.bad("siteid", "the id of a site");
  const [session] = cellId.split("-", 1);
  return {
    cellId,
    site,
    session,
    area: fields.text("area") || null,
    layer: fields.text("layer") || null,
    depth: numberOf("depth", fields),
    narrow: booleanOf("narrow", fields),
    celltype: fields.text("celltype") || null,
    sw: numberOf("sw", fields),
    goodpred: booleanOf("goodpred", fields),
    ...identityOf(cellId, fields),
  };
}

function identityOf(
  cellId: string,
  fields: Fields,
): Pick<CellRow, "animal" | "electrode" | "unitInElectrode"> {
  const match = CELL_ID.exec(cellId);
  if (match === null) {
    return { animal: null, electrode: null, unitInElectrode: null };
  }
  const [electrode, unitInElectrode] = match.slice(2).map(Number);
  if (
    Number.isSafeInteger(electrode) && Number.isSafeInteger(unitInElectrode)
  ) {
    return { animal: match[1], electrode, unitInElectrode };
  }
  throw fields.bad("cellid", "numbers of fewer digits");
}

function numberOf(column: Column, fields: Fields): number | null {
  const text = fields.text(column);
  if (text === "") return null;
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw fields.bad(column, "a number or nothing");
}

function booleanOf(column: Column, fields: Fields): boolean | null {
  const value = BOOLEANS.get(fields.text(column));
  if (value !== undefined) return value;
  throw fields.bad(column, "True, False or nothing");
}
