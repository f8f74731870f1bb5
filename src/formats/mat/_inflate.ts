import { constants, inflateSync, type ZlibOptions } from "node:zlib";
import type { MatBytes } from "./_bytes.ts";

// A header is 40 bytes, 4 an axis and a name; MATLAB allows 63 characters.
const HEAD_BYTES = 4096;
const FIRST_TRY_BYTES = 1024;
// zlib's own bound: 258 bytes out of two bits.
const MAX_RATIO = 1032;
// Recordings stay far below, so that one chunk holds them without a copy.
const USUAL_RATIO = 64;

// The types leave out what `info` returns.
const inflateWithInfo = inflateSync as unknown as (
  bytes: Uint8Array,
  options: ZlibOptions & { readonly info: true },
) => {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
};

/**
 * Inflates the first 4096 bytes at least of a compressed variable, or all.
 *
 * @param stored The variable with its tag.
 * @throws {FormatError} If zlib refuses them.
 */
export function inflatedHead(stored: MatBytes): MatBytes {
  const compressed = stored.bytes.subarray(8);
  let length = Math.min(FIRST_TRY_BYTES, compressed.length);
  let head = inflatedStart(stored, compressed.subarray(0, length));
  while (head.length < HEAD_BYTES && length < compressed.length) {
    length = Math.min(4 * length, compressed.length);
    head = inflatedStart(stored, compressed.subarray(0, length));
  }
  return stored.inflated(head);
}

/**
 * Inflates a compressed variable.
 *
 * @param size Bytes to which it must inflate, padding not counted.
 * @throws {FormatError} If it inflates to more or less, is damaged, or is
 *   followed by bytes that are not its own.
 * @throws {LimitError} If it claims more than the limits allow.
 */
export function inflated(stored: MatBytes, size: number): MatBytes {
  const compressed = stored.bytes.subarray(8);
  if (size > stored.limits.arrayBytes) {
    const why = `a variable claims ${size} bytes`;
    throw stored.excessive(why, "arrayBytes", 0);
  }
  if (size > MAX_RATIO * compressed.length) {
    throw stored.malformed(
      `a variable claims ${size} bytes where ${compressed.length} ` +
        "compressed ones are left",
      0,
    );
  }
  if (size > stored.limits.compressionRatio * compressed.length) {
    const why = `a variable claims ${size} bytes of ${compressed.length}`;
    throw stored.excessive(why, "compressionRatio", 0);
  }
  const bytes = inflatedWhole(stored, compressed, size);
  if (bytes.length < size) {
    throw stored.malformed(
      `a variable inflates to ${bytes.length} bytes where its tag says ${size}`,
      0,
    );
  }
  return stored.inflated(bytes);
}

function inflatedStart(stored: MatBytes, start: Uint8Array): Uint8Array {
  try {
    return inflateSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw refused(stored, cause);
  }
}

function inflatedWhole(
  stored: MatBytes,
  compressed: Uint8Array,
  size: number,
): Uint8Array {
  const padded = 8 * Math.ceil(size / 8);
  // A chunk that holds all spares a copy, but a claim alone is no reason to
  // allocate: a larger variable is put together from several.
  const usual = USUAL_RATIO * compressed.length;
  const chunkSize = Math.max(
    constants.Z_MIN_CHUNK,
    Math.min(padded + 1, usual),
  );
  try {
    const { buffer, engine } = inflateWithInfo(compressed, {
      info: true,
      chunkSize,
      maxOutputLength: padded,
    });
    if (engine.bytesWritten === compressed.length) return buffer;
  } catch (cause) {
    throw refused(stored, cause);
  }
  throw stored.malformed("bytes follow the end of a compressed variable", 0);
}

function refused(stored: MatBytes, cause: unknown): unknown {
  const { code, message } = cause as { code?: string; message: string };
  if (code === "ERR_BUFFER_TOO_LARGE") {
    return stored.malformed(
      "a variable inflates to more than its tag says",
      0,
      cause,
    );
  }
  if (!code?.startsWith("Z_")) return cause;
  return stored.malformed(`a variable does not inflate: ${message}`, 0, cause);
}
