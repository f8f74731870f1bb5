import type { ReadOptions } from "../../session.ts";
import { ioError } from "./_io_error.ts";

/**
 * What is at a path that a caller named.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {TypeError} If the path is no text.
 * @throws {DataNotFoundError} If nothing is there or it may not be read.
 */
export async function statPath(
  act: string,
  path: string,
  { signal }: ReadOptions,
): Promise<Deno.FileInfo> {
  if (typeof path !== "string") {
    throw new TypeError(
      `Cannot ${act}: path is ${String(path)}, expected a string`,
    );
  }
  signal?.throwIfAborted();
  try {
    const found = await Deno.stat(path);
    signal?.throwIfAborted();
    return found;
  } catch (error) {
    signal?.throwIfAborted();
    throw ioError(act, error, { archive: path });
  }
}
