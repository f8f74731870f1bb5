import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import type { ArrayReadOptions } from "./stored_array.ts";
import { openFile } from "./open_file.ts";

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
      checkLength(line.bytes, limits, { archive: path, offset });
      yield { text: decoded(line.bytes, path, offset), offset };
      line.clear();
      offset += length + 1;
      start = end + 1;
    }
    line.append(piece.subarray(start, read));
    checkLength(line.bytes, limits, { archive: path, offset });
  }
  if (line.bytes.length === 0) return;
  throw new FormatError("Cannot read lines: the last one is cut short", {
    archive: path,
    offset,
  });
}

function checkLength(
  { length }: Uint8Array,
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

function decoded(bytes: Uint8Array, archive: string, offset: number): string {
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
