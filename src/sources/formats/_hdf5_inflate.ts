import { inflateSync, type ZlibOptions } from "node:zlib";

// The types leave out what `info` returns.
const inflateWithInfo = inflateSync as unknown as (
  bytes: Uint8Array,
  options: ZlibOptions & { readonly info: true },
) => {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
};

/**
 * Inflates a chunk.
 *
 * @param size Bytes to which it must inflate.
 * @param refused Makes the error of a chunk that does not.
 */
export function hdf5Inflated(
  stored: Uint8Array,
  size: number,
  refused: (why: string, cause?: unknown) => Error,
): Uint8Array {
  let result: ReturnType<typeof inflateWithInfo>;
  try {
    // One output block, a byte longer than needed: zlib then sees the end.
    const chunkSize = Math.max(64, size + 1);
    const options = { info: true, chunkSize, maxOutputLength: size } as const;
    result = inflateWithInfo(stored, options);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw refused(`inflates to more than ${size} bytes`, cause);
    }
    throw code?.startsWith("Z_")
      ? refused(`does not inflate: ${message}`, cause)
      : cause;
  }
  const { buffer, engine } = result;
  if (engine.bytesWritten === stored.length && buffer.length === size) {
    return buffer;
  }
  throw refused(
    `inflates to ${buffer.length} bytes from ${engine.bytesWritten}, expected ` +
      `${size} from ${stored.length}`,
  );
}
