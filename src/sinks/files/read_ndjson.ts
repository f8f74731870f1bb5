import { FormatError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { fileLines } from "./file_lines.ts";
import { parseHead, valueCount } from "./parse_head.ts";
import type { Stored } from "./stored_array.ts";

/** Reads what `toNdjson` has written, a line at a time. */
export async function* readNdjson(
  path: string,
  options: ReadOptions = {},
): AsyncGenerator<Stored> {
  for await (const { text, offset } of fileLines(path, options)) {
    yield parseLine(text, { archive: path, offset });
  }
}

function parseLine(
  text: string,
  place: { archive: string; offset: number },
): Stored {
  const refuse = (why: string, cause?: unknown): FormatError =>
    new FormatError(`Cannot read NDJSON: ${why}`, { ...place, cause });
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw refuse("a line is no JSON, or was cut short", cause);
  }
  const head = parseHead(line, place);
  if (head.type === "rest") return { head };
  const { data, ...rest } = head as typeof head & { data?: unknown };
  const values = Array.isArray(data) ? ofNumbers(data) : ofBase64(data);
  if (values?.length !== valueCount(head)) {
    throw refuse(`data are not the ${valueCount(head)} values of ${head.name}`);
  }
  return { head: rest, values };
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
