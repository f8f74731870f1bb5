import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../../base/limits.ts";
import type { Epoch } from "./_raster.ts";

const COLUMNS = ["name", "start", "end"] as const;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

interface CsvRecord {
  readonly fields: readonly string[];
  /** Line on which it starts, from 1. */
  readonly line: number;
}

/**
 * Reads a table of epochs: when each name was on, repeats in the order of rows.
 *
 * Times are read as the nearest double and kept as they are.
 *
 * @param bytes CSV in UTF-8 with the columns `name`, `start` and `end`, in s.
 * @throws {FormatError} If a column is missing, a row has another number of
 * fields, or a time is not finite or ends before it starts.
 * @throws {LimitError} If it has more rows than the limits allow members.
 */
export function readEpochs(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): ReadonlyMap<string, readonly Epoch[]> {
  const records = csvRecords(decoded(bytes, place), place);
  const head = records.next();
  const fields = head.done ? [] : head.value.fields;
  const [name, start, end] = COLUMNS.map((column) => {
    const index = fields.indexOf(column);
    if (index >= 0) return index;
    throw bad(`there is no column ${column}`, 1, place);
  });
  const epochs = new Map<string, Epoch[]>();
  let rows = 0;
  for (const record of records) {
    if (++rows > limits.members) {
      const rule = limitText(limits, "members");
      const text = `Cannot read epochs: it has more rows: ${rule}`;
      throw new LimitError(text, place);
    }
    if (record.fields.length !== fields.length) {
      const count = `${record.fields.length} fields, expected ${fields.length}`;
      throw bad(count, record.line, place);
    }
    const epoch = {
      start: timeOf("start", record.fields[start], record, place),
      end: timeOf("end", record.fields[end], record, place),
    };
    if (epoch.end < epoch.start) {
      const times = `end is ${epoch.end}, expected ${epoch.start} or later`;
      throw bad(times, record.line, place);
    }
    const known = epochs.get(record.fields[name]);
    if (known) known.push(epoch);
    else epochs.set(record.fields[name], [epoch]);
  }
  return epochs;
}

function timeOf(
  column: string,
  text: string,
  { line }: CsvRecord,
  place: DataErrorPlace,
): number {
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (Number.isFinite(value)) return value;
  throw bad(`${column} is "${text}", expected a number in s`, line, place);
}

function* csvRecords(
  text: string,
  place: DataErrorPlace,
): Generator<CsvRecord> {
  // A field and what ends it: RFC 4180, CR LF or LF. What quotes enclose is
  // looked for by hand: as a pattern it overflows the stack at 20 MB.
  const field = /([^",\r\n]*)(,|\r?\n|$)/gy;
  let line = 1;
  let fields: string[] = [];
  let from = line;
  while (field.lastIndex < text.length || fields.length > 0) {
    const start = field.lastIndex;
    const quoted = quotedAt(text, start);
    field.lastIndex += quoted.length;
    const match = field.exec(text);
    if (match === null || (quoted !== "" && match[1] !== "")) {
      throw bad("a quote is out of place", line, place);
    }
    const [, bare, end] = match;
    const inside = quoted.slice(1, -1).replaceAll('""', '"');
    fields.push(quoted === "" ? bare : inside);
    line += text.slice(start, field.lastIndex).split("\n").length - 1;
    if (end === ",") continue;
    yield { fields, line: from };
    fields = [];
    from = line;
  }
}

/** A quoted field with its quotes; empty where none begins, or it does not end. */
function quotedAt(text: string, start: number): string {
  if (text[start] !== '"') return "";
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  return text.slice(start, end + 1);
}

function decoded(bytes: Uint8Array, place: DataErrorPlace): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const text = "Cannot read epochs: it is not UTF-8";
    throw new FormatError(text, { ...place, cause });
  }
}

function bad(fault: string, line: number, place: DataErrorPlace): FormatError {
  return new FormatError(`Cannot read epochs: line ${line}: ${fault}`, place);
}
