import { ArchiveError, FormatError } from "../../errors.ts";
import type { Limits } from "../../base/limits.ts";
import {
  checkLineLength,
  decodedLine,
  fileLines,
  lineEnds,
} from "./file_lines.ts";
import { isFields } from "./head_fields.ts";
import { openFile } from "./open_file.ts";
import {
  type ArrayReadOptions,
  parseHead,
  type Stored,
  type StoredArrays,
  valueCount,
} from "./stored_array.ts";

/** Parsed line; the last one has `end`, the number of arrays. */
type Line = Stored & { readonly end?: unknown };

/** Reads a file of `toNdjson`, one line at a time. */
export async function* readNdjson(
  path: string,
  options: ArrayReadOptions,
): AsyncGenerator<Stored> {
  const counts = { stimuli: 0, responses: 0 };
  let end: unknown;
  let offset = 0;
  for await (const line of fileLines(path, options)) {
    offset = line.offset;
    if (end !== undefined) {
      throw incompleteError("lines follow its end", path, offset);
    }
    const place = { archive: path, offset };
    const { end: counted, ...stored } = parseLine(
      line.text,
      place,
      options.limits,
    );
    end = counted;
    if (stored.head.type === "stimulus") counts.stimuli++;
    if (stored.head.type === "response") counts.responses++;
    yield stored;
  }
  const isWhole = isFields(end) && end.stimuli === counts.stimuli &&
    end.responses === counts.responses;
  if (isWhole) return;
  throw incompleteError("lines are missing", path, offset);
}

/**
 * Opens a file of `toNdjson`: finds its lines, 8 bytes in memory for each, without
 * a check of the number of arrays that its end states.
 */
export async function openNdjson(
  path: string,
  options: ArrayReadOptions,
): Promise<StoredArrays> {
  using opened = new DisposableStack();
  const file = opened.use(await openFile(path));
  const ends = await lineEnds(file, options);
  const files = opened.move();
  return {
    count: ends.length,
    async read(index, { signal } = {}): Promise<Stored> {
      signal?.throwIfAborted();
      const offset = index === 0 ? 0 : (ends[index - 1] ?? 0) + 1;
      const length = (ends[index] ?? offset) - offset;
      checkLineLength(length, options.limits, { archive: path, offset });
      const text = decodedLine(await file.readAt(offset, length), path, offset);
      const place = { archive: path, offset };
      const { end: _, ...stored } = parseLine(text, place, options.limits);
      return stored;
    },
    [Symbol.dispose]: () => files.dispose(),
  };
}

function incompleteError(
  why: string,
  archive: string,
  offset: number,
): ArchiveError {
  return new ArchiveError(`Cannot read NDJSON: ${why}`, { archive, offset });
}

function parseLine(
  text: string,
  place: { archive: string; offset: number },
  limits: Limits,
): Line {
  const lineError = (why: string, cause?: unknown): FormatError =>
    new FormatError(`Cannot read NDJSON: ${why}`, { ...place, cause });
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (cause) {
    throw lineError("a line is no JSON, or was cut short", cause);
  }
  const head: Line["head"] & { data?: unknown; end?: unknown } = parseHead(
    line,
    place,
    limits,
  );
  const { data, end, ...known } = head;
  if (known.type === "rest") return { head: known, end };
  const values = Array.isArray(data) ? numberValues(data) : base64Values(data);
  if (values?.length !== valueCount(known)) {
    throw lineError(
      `data are not the ${valueCount(known)} values of ${known.name}`,
    );
  }
  return { head: known, values, end };
}

function numberValues(data: readonly unknown[]): Float32Array | undefined {
  const isValues = data.every((value) =>
    value === null || typeof value === "number"
  );
  if (!isValues) return undefined;
  return Float32Array.from(
    data,
    (value) => value === null ? NaN : Number(value),
  );
}

function base64Values(data: unknown): Float32Array | undefined {
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
