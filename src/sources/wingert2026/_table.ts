import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../../base/limits.ts";
import { csvError, type CsvRecord, csvRecords } from "../../formats/csv.ts";

// pandas writes Python's repr of a float.
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** Table of the release, as errors name it, and the columns to read. */
export interface TableForm<Column extends string> {
  /** Action that fails, as it completes "Cannot ...". */
  readonly act: string;
  /** Noun for the rows, in the plural. */
  readonly rows: string;
  readonly columns: readonly Column[];
}

/** One row of a table, its fields by column. */
export interface TableRow<Column extends string> {
  /** Number of the record; the header is record 1. */
  readonly record: number;
  /** Field as it is written, without quotes. */
  text(column: Column): string;
  /** Number in a field, as the nearest double; NaN if it is not finite. */
  number(column: Column): number;
  /** Error for a field that breaks a rule. */
  fieldError(column: Column, rule: string): FormatError;
  /** Error for this row. */
  rowError(fault: string): FormatError;
}

/**
 * Reads a CSV table as pandas writes it: finds columns by name and ignores
 * further ones. Quoted fields may hold line breaks, so errors count records, not
 * lines.
 *
 * @param pieces Bytes of the file, read as rows are asked for.
 * @param form Columns to read, and how errors name the table.
 * @param place Place of the file in errors.
 * @throws {FormatError} If it is not CSV in UTF-8, is empty, lacks a column or
 * has it twice, or if a record has another number of fields.
 * @throws {LimitError} If a record is longer than the limits allow, or the rows
 * are more than they allow members.
 */
export async function* tableRows<Column extends string>(
  pieces: Parameters<typeof csvRecords>[0],
  form: TableForm<Column>,
  place: DataErrorPlace = {},
  limits: Limits = DEFAULT_LIMITS,
): AsyncGenerator<TableRow<Column>> {
  const { act, rows } = form;
  let indices: ReadonlyMap<Column, number> | undefined;
  let count = 0;
  for await (const line of csvRecords(pieces, act, place, limits)) {
    if (indices === undefined) {
      indices = columnIndices(line, form, place);
      continue;
    }
    if (count++ === limits.members) {
      const rule = limitText(limits, "members");
      throw new LimitError(
        `Cannot ${act}: it has more ${rows}: ${rule}`,
        place,
      );
    }
    yield rowOf(line, indices, act, place);
  }
  if (indices !== undefined) return;
  throw new FormatError(`Cannot ${act}: it is empty`, place);
}

function columnIndices<Column extends string>(
  { fields, record }: CsvRecord,
  { act, columns }: TableForm<Column>,
  place: DataErrorPlace,
): ReadonlyMap<Column, number> {
  return new Map(columns.map((column) => {
    const index = fields.indexOf(column);
    if (index >= 0 && fields.lastIndexOf(column) === index) {
      return [column, index];
    }
    const fault = index < 0 ? "missing" : "there twice";
    throw csvError(act, record, `column ${column} is ${fault}`, place);
  }));
}

function rowOf<Column extends string>(
  { fields, record }: CsvRecord,
  indices: ReadonlyMap<Column, number>,
  act: string,
  place: DataErrorPlace,
): TableRow<Column> {
  // Every record has as many fields as the header.
  const text = (column: Column): string =>
    fields[indices.get(column) as number] as string;
  const rowError = (fault: string): FormatError =>
    csvError(act, record, fault, place);
  return {
    record,
    text,
    number(column): number {
      const value = NUMBER.test(text(column)) ? Number(text(column)) : NaN;
      return Number.isFinite(value) ? value : NaN;
    },
    rowError,
    fieldError: (column, rule): FormatError =>
      rowError(`${column} is "${text(column)}", expected ${rule}`),
  };
}
