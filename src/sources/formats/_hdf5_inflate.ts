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
 * @param target Filled with what it inflates to, which must be as long.
 * @param refused Makes the error of a chunk that does not inflate to that.
 */
export function inflateHdf5(
  stored: Uint8Array,
  target: Uint8Array,
  refused: (why: string, cause?: unknown) => Error,
): void {
  const size = target.length;
  // One output block, a byte longer than needed: zlib then sees the end.
  const chunkSize = Math.max(64, size + 1);
  let result: ReturnType<typeof inflateWithInfo>;
  try {
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
  if (engine.bytesWritten !== stored.length || buffer.length !== size) {
    throw refused(
      `inflates to ${buffer.length} bytes from ${engine.bytesWritten}, ` +
        `expected ${size} from ${stored.length}`,
    );
  }
  target.set(buffer);
  // The next chunk then gets this memory: it need not wait for the garbage
  // collector. A block of another size would not be of this call alone.
  const block = buffer.buffer as ArrayBuffer;
  if (block.byteLength === chunkSize) block.transfer(0);
}
