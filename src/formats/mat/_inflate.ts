import {
  inflate,
  type Inflated,
  InflateError,
  inflateStart,
} from "../../platform/zlib.ts";
import { MAX_INFLATE_RATIO } from "../../base/limits.ts";
import type { MatBytes } from "./_bytes.ts";

// A header is 40 bytes, 4 an axis and a name; MATLAB allows 63 characters.
const HEAD_BYTES = 4096;
// Recordings stay far below, so that one block holds them without a copy.
const USUAL_RATIO = 64;

/**
 * Inflates the first 4096 bytes of a compressed variable or more, or all.
 *
 * @param stored The variable with its tag.
 * @throws {FormatError} If they do not inflate.
 */
export function inflatedHead(stored: MatBytes): MatBytes {
  const compressed = stored.bytes.subarray(8);
  try {
    return stored.inflated(inflateStart(compressed, HEAD_BYTES));
  } catch (error) {
    throw variableError(stored, error);
  }
}

/**
 * Inflates a compressed variable.
 *
 * @param size Bytes to which it must inflate, padding not counted.
 * @param most Most bytes that its class and shape can take.
 * @throws {FormatError} If it inflates to more or less, is damaged, or is
 *   followed by bytes that are not its own.
 * @throws {LimitError} If it claims more than the limits allow.
 */
export function inflated(
  stored: MatBytes,
  size: number,
  most: number,
): MatBytes {
  const compressed = stored.bytes.subarray(8);
  stored.countInflated(size);
  if (size > MAX_INFLATE_RATIO * compressed.length) {
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
  if (size > most) {
    const why = `a variable claims ${size} bytes, its shape takes ${most}`;
    throw stored.malformed(why, 0);
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

function inflatedWhole(
  stored: MatBytes,
  compressed: Uint8Array,
  size: number,
): Uint8Array {
  const maxBytes = 8 * Math.ceil(size / 8);
  // A block that holds all spares a copy, but a claim alone is no reason to
  // allocate: a larger variable is put together from several.
  const usual = USUAL_RATIO * compressed.length;
  const blockBytes = Math.min(maxBytes + 1, usual);
  let found: Inflated;
  try {
    found = inflate(compressed, { format: "zlib", maxBytes, blockBytes });
  } catch (error) {
    throw variableError(stored, error);
  }
  if (found.consumed === compressed.length) return found.bytes;
  throw stored.malformed("bytes follow the end of a compressed variable", 0);
}

function variableError(stored: MatBytes, error: unknown): unknown {
  // V8 has no class of its own for an allocation that fails.
  if (error instanceof RangeError && /allocation failed/.test(error.message)) {
    const why = "a variable does not fit into memory";
    return stored.excessive(why, "arrayBytes", 0, error);
  }
  if (!(error instanceof InflateError)) return error;
  const why = error.isTooLong
    ? "a variable inflates to more than its tag says"
    : `a variable does not inflate: ${error.message}; download the file again`;
  return stored.malformed(why, 0, error.cause);
}
