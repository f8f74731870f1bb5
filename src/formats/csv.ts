// @ts-types="./_std_csv.d.ts"
import { parse } from "@std/csv";
import { type DataErrorPlace, FormatError, LimitError } from "../errors.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../base/limits.ts";

// npm's build of the standard library has no types; these are declared here.

/** Record of a table. */
export interface CsvRecord {
  /** Fields, as many as the header has. */
  readonly fields: readonly string[];
  /** Number of the record; the header is record 1. */
  readonly record: number;
}

/**
 * Reads the records of a CSV file (RFC 4180, UTF-8), the header first. Quoted
 * fields may contain commas, quotes and line breaks.
 *
 * Records are separated here and parsed one by one: std's CsvParseStream drops
 * blank lines, and after a misplaced quote it keeps its source locked, so that it
 * cannot be cancelled.
 *
 * @param pieces Bytes of the file. Leaving the loop cancels a stream; its errors
 * are thrown unchanged.
 * @param act Completes "Cannot ...".
 * @param limits Most that the file may claim.
 * @throws {LimitError} If a record is longer than the limits allow; the offset is
 * how far the file was read.
 * @throws {FormatError} If the file is not UTF-8, or a record is blank, has a
 * misplaced quote or another number of fields than the header.
 */
export async function* csvRecords(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  act: string,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): AsyncGenerator<CsvRecord> {
  let record = 0;
  let expected: number | undefined;
  let offset = 0;
  const checkLength = (length: number): void => {
    if (length <= limits.recordLength) return;
    const { archive, member } = place;
    const rule = limitText(limits, "recordLength");
    throw new LimitError(
      `Cannot ${act}: record ${
        record + 1
      } has ${length} characters at least: ` +
        rule,
      { archive, member, offset },
    );
  };
  const parts = decodedText(pieces, act, place, (bytes) => offset += bytes);
  for await (const text of recordTexts(parts, checkLength)) {
    record++;
    const fields = fieldsOf(text, act, record, place);
    expected ??= fields.length;
    if (fields.length !== expected) {
      const count = `${fields.length} fields, expected ${expected}`;
      throw csvError(act, record, count, place);
    }
    yield { fields, record };
  }
}

/** Error for a record. */
export function csvError(
  act: string,
  record: number,
  why: string,
  place: DataErrorPlace,
  cause?: unknown,
): FormatError {
  const options = { archive: place.archive, member: place.member, cause };
  return new FormatError(`Cannot ${act}: record ${record}: ${why}`, options);
}

async function* decodedText(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  act: string,
  place: DataErrorPlace,
  onRead: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      const { archive, member } = place;
      const options = { archive, member, cause };
      throw new FormatError(`Cannot ${act}: it is not UTF-8`, options);
    }
  };
  for await (const bytes of pieces) {
    onRead(bytes.length);
    yield decode(bytes);
  }
  yield decode();
}

/** Splits text at line breaks outside of quotes. */
async function* recordTexts(
  parts: AsyncIterable<string>,
  checkLength: (length: number) => void,
): AsyncGenerator<string> {
  let text = "";
  let isQuoted = false;
  for await (const part of parts) {
    let start = 0;
    let at = text.length;
    text += part;
    for (; at < text.length; at++) {
      const letter = text[at];
      if (letter === '"') isQuoted = !isQuoted;
      if (isQuoted || letter !== "\n") continue;
      checkLength(at - start);
      yield text.slice(start, at);
      start = at + 1;
    }
    text = text.slice(start);
    checkLength(text.length);
  }
  if (text !== "") yield text;
}

function fieldsOf(
  text: string,
  act: string,
  record: number,
  place: DataErrorPlace,
): readonly string[] {
  const line = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (line === "") throw csvError(act, record, "it is blank", place);
  // Most records: split takes a sixth of the parser's time.
  if (!line.includes('"')) return line.split(",");
  try {
    const [fields = []] = parse(line);
    return fields;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const why = "a quote is out of place, or not closed";
    throw csvError(act, record, why, place, cause);
  }
}
