import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { ArrayReadOptions } from "./stored_array.ts";
import { openFile, type RandomFile } from "./open_file.ts";

/** Longest line in bytes, whatever the limits: that of a JavaScript string. */
const MAX_LINE = 2 ** 29 - 25;
const PIECE = 1 << 18;
const LINE_FEED = 10;
const DECODER = new TextDecoder("utf-8", { fatal: true });

/** Line of a file. */
export interface FileLine {
  readonly text: string;
  /** Byte of the file where the line starts. */
  readonly offset: number;
}

/**
 * Reads the lines of a file, holding one in memory at a time.
 *
 * @throws {FormatError} If the last line has no end, or a line is not UTF-8.
 * @throws {LimitError} If a line is longer than a string can be.
 */
export async function* fileLines(
  path: string,
  { signal, limits }: ArrayReadOptions,
): AsyncGenerator<FileLine> {
  using file = await openFile(path);
  const line = new GrowingBytes();
  const piece = new Uint8Array(PIECE);
  let offset = 0;
  for (let read; (read = await file.read(piece)) !== null;) {
    signal?.throwIfAborted();
    let start = 0;
    for (let end; (end = piece.indexOf(LINE_FEED, start)) >= 0 && end < read;) {
      line.append(piece.subarray(start, end));
      const { length } = line.bytes;
      checkLineLength(length, limits, { archive: path, offset });
      yield { text: decodedLine(line.bytes, path, offset), offset };
      line.clear();
      offset += length + 1;
      start = end + 1;
    }
    line.append(piece.subarray(start, read));
    checkLineLength(line.bytes.length, limits, { archive: path, offset });
  }
  if (line.bytes.length > 0) throw cutError(path, offset);
}

/**
 * Bytes of a file where its lines end, without a look at the lines.
 *
 * @throws {FormatError} If the last line has no end.
 */
export async function lineEnds(
  file: RandomFile,
  { signal }: ReadOptions,
): Promise<readonly number[]> {
  const ends: number[] = [];
  const piece = new Uint8Array(PIECE);
  let offset = 0;
  for (let read; (read = await file.read(piece)) !== null;) {
    signal?.throwIfAborted();
    const bytes = piece.subarray(0, read);
    for (let at = -1; (at = bytes.indexOf(LINE_FEED, at + 1)) >= 0;) {
      ends.push(offset + at);
    }
    offset += read;
  }
  const last = ends.at(-1) ?? -1;
  if (last < offset - 1) throw cutError(file.path, last + 1);
  return ends;
}

function cutError(archive: string, offset: number): FormatError {
  return new FormatError("Cannot read lines: the last one is cut short", {
    archive,
    offset,
  });
}

/**
 * Refuses a line that is too long.
 *
 * @throws {LimitError} If it is longer than a string can be, or the limits allow.
 */
export function checkLineLength(
  length: number,
  limits: Limits,
  place: DataErrorPlace,
): void {
  if (length <= Math.min(MAX_LINE, limits.memberBytes)) return;
  const most = limits.memberBytes < MAX_LINE
    ? limitText(limits, "memberBytes")
    : `${MAX_LINE} are the most`;
  throw new LimitError(
    `Cannot read lines: one has ${length} bytes or more: ${most}`,
    place,
  );
}

/**
 * Text of a line.
 *
 * @throws {FormatError} If it is not UTF-8.
 */
export function decodedLine(
  bytes: Uint8Array,
  archive: string,
  offset: number,
): string {
  try {
    return DECODER.decode(bytes);
  } catch (cause) {
    const place = { archive, offset, cause };
    throw new FormatError("Cannot read lines: one is not UTF-8", place);
  }
}

class GrowingBytes {
  #buffer = new Uint8Array(PIECE);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(2 * needed);
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  clear(): void {
    this.#length = 0;
  }
}
