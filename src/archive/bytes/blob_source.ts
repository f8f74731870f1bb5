import { unlessAborted } from "../../base/abort.ts";
import { type ByteSource, checkInside, ioError } from "./byte_source.ts";

/** Name of a blob in errors: a file's own, or `blob`. */
export function blobName(blob: Blob): string {
  const isFile = typeof File !== "undefined" && blob instanceof File;
  return isFile && blob.name !== "" ? blob.name : "blob";
}

/**
 * A `Blob`, such as a `File` picked in a browser, at random access: each read
 * takes one slice, and nothing else of the blob is loaded.
 *
 * A read that is aborted rejects at once; its slice may still be on its way.
 */
export function blobSource(blob: Blob): ByteSource {
  const name = blobName(blob);
  const { size } = blob;
  const place = { archive: name };
  return {
    name,
    size,
    async read(offset, length, { signal } = {}): Promise<Uint8Array> {
      signal?.throwIfAborted();
      checkInside({ size, place }, offset, length);
      const slice = blob.slice(offset, offset + length);
      try {
        return new Uint8Array(await unlessAborted(slice.arrayBuffer(), signal));
      } catch (error) {
        signal?.throwIfAborted();
        throw ioError("read file", error, { ...place, offset });
      }
    },
  };
}
