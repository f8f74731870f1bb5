import { ArchiveError, FormatError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { fileLines } from "./file_lines.ts";
import { parseHead, type Stored, valueCount } from "./stored_array.ts";

/** A line, and the number of arrays if it is the last one. */
type Line = Stored & { readonly end?: unknown };

/** Reads what `toNdjson` has written, a line at a time. */
export async function* readNdjson(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<Stored> {
  const counts = { stimuli: 0, responses: 0 };
  let end: unknown;
  let offset = 0;
  for await (const line of fileLines(path, options)) {
    offset = line.offset;
    if (end !== undefined) throw cutShort("lines follow its end", path, offset);
    const { end: told, ...stored } = parseLine(line.text, {
      archive: path,
      offset,
    });
    end = told;
    if (stored.head.type === "stimulus") counts.stimuli++;
    if (stored.head.type === "response") counts.responses++;
    yield stored;
  }
  if (JSON.stringify(end) === JSON.stringify(counts)) return;
  throw cutShort("lines are missing", path, offset);
}

function cutShort(why: string, archive: string, offset: number): ArchiveError {
  return new ArchiveError(`Cannot read NDJSON: ${why}`, { archive, offset });
}

function parseLine(
  text: string,
  place: { archive: string; offset: number },
): Line {
  const refuse = (why: string, cause?: unknown): FormatError =>
    new FormatError(`Cannot read NDJSON: ${why}`, { ...place, cause });
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw refuse("a line is no JSON, or was cut short", cause);
  }
  const head: Line["head"] & { data?: unknown; end?: unknown } = parseHead(
    line,
    place,
  );
  const { data, end, ...known } = head;
  if (known.type === "rest") return { head: known, end };
  const values = Array.isArray(data) ? ofNumbers(data) : ofBase64(data);
  if (values?.length !== valueCount(known)) {
    throw refuse(
      `data are not the ${valueCount(known)} values of ${known.name}`,
    );
  }
  return { head: known, values, end };
}

function ofNumbers(data: readonly unknown[]): Float32Array | undefined {
  const isValues = data.every((value) =>
    value === null || typeof value === "number"
  );
  if (!isValues) return undefined;
  return Float32Array.from(
    data,
    (value) => value === null ? NaN : Number(value),
  );
}

function ofBase64(data: unknown): Float32Array | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const bytes = Uint8Array.fromBase64(data);
    if (bytes.length % 4 !== 0) return undefined;
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
