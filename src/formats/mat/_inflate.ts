import {
  inflate,
  type Inflated,
  InflateError,
  inflateStart,
} from "../../platform/zlib.ts";
import { MAX_INFLATE_RATIO } from "../../base/limits.ts";
import type { MatBytes } from "./_bytes.ts";

// A header is 40 bytes, 4 an axis and a name; MATLAB allows 63 characters. The
// packed bytes that are tried first inflate to as much: one call of zlib does.
const HEAD_BYTES = 1000;
// For longer names.
const LONG_HEAD_BYTES = 4096;
/** A variable of fewer packed bytes is inflated whole: a call takes longer. */
const SMALL_BYTES = 1024;
// Recordings stay far below, so that one block holds them without a copy.
const USUAL_RATIO = 64;

/** Start of a compressed variable. */
export interface InflatedHead {
  readonly bytes: MatBytes;
  /** All of it, if it is small. */
  readonly whole?: Inflated;
}

/**
 * Inflates the first bytes of a compressed variable, or all of a small one.
 *
 * @param stored The variable with its tag.
 * @param isLong Whether the usual number of bytes was too few.
 * @throws {FormatError} If they do not inflate.
 */
export function inflatedHead(stored: MatBytes, isLong: boolean): InflatedHead {
  const compressed = stored.bytes.subarray(8);
  try {
    const whole = isLong ? undefined : smallWhole(compressed);
    if (whole) return { bytes: stored.inflated(whole.bytes), whole };
    const bytes = isLong ? LONG_HEAD_BYTES : HEAD_BYTES;
    return { bytes: stored.inflated(inflateStart(compressed, bytes)) };
  } catch (error) {
    throw variableError(stored, error);
  }
}

/** Undefined for a large variable, and for one that is damaged in some place. */
function smallWhole(compressed: Uint8Array): Inflated | undefined {
  if (compressed.length > SMALL_BYTES) return undefined;
  try {
    return inflate(compressed, { format: "zlib", maxBytes: LONG_HEAD_BYTES });
  } catch (error) {
    if (error instanceof InflateError) return undefined;
    throw error;
  }
}

/**
 * Inflates a compressed variable.
 *
 * @param size Bytes to which it must inflate, padding not counted.
 * @param most Most bytes that its class and shape can take.
 * @param whole The variable, if it is inflated already.
 * @throws {FormatError} If it inflates to more or less, is damaged, or is
 *   followed by bytes that are not its own.
 * @throws {LimitError} If it claims more than the limits allow.
 */
export function inflated(
  stored: MatBytes,
  size: number,
  most: number,
  whole?: Inflated,
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
  const bytes = inflatedWhole(stored, compressed, size, whole);
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
  whole?: Inflated,
): Uint8Array {
  const maxBytes = 8 * Math.ceil(size / 8);
  // A block that holds all spares a copy, but a claim alone is no reason to
  // allocate: a larger variable is put together from several.
  const usual = USUAL_RATIO * compressed.length;
  const blockBytes = Math.min(maxBytes + 1, usual);
  let found = whole !== undefined && whole.bytes.length <= maxBytes
    ? whole
    : undefined;
  try {
    found ??= inflate(compressed, { format: "zlib", maxBytes, blockBytes });
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
