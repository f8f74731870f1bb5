import { ArchiveError } from "../../../src/errors.ts";
import {
  blobName,
  blobSource,
} from "../../../src/archive/bytes/blob_source.ts";
import { zipArchive } from "../../../src/archive/zip/zip.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { makeZip } from "../../support/archives/make_zip.ts";

const BYTES = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);

/** A blob that counts the slices taken of it. */
class CountedBlob extends Blob {
  readonly slices: [number, number][] = [];

  override slice(start?: number, end?: number, type?: string): Blob {
    this.slices.push([start ?? 0, end ?? this.size]);
    return super.slice(start, end, type);
  }
}

Deno.test("a blob source reads any range, one slice a read", async () => {
  const blob = new CountedBlob([BYTES]);
  const source = blobSource(blob);
  assertEquals(source.size, BYTES.length);
  const ranges = [[0, 0], [0, 1], [250, 3], [0, BYTES.length], [99_999, 1]];
  for (const [offset = 0, length = 0] of ranges) {
    const read = await source.read(offset, length);
    assertEquals(read, BYTES.slice(offset, offset + length));
    assertEquals(read.buffer.byteLength, length);
  }
  assertEquals(
    blob.slices,
    ranges.map(([offset = 0, length = 0]) => [offset, offset + length]),
  );
});

Deno.test("a blob source takes no slice beyond the blob", async () => {
  const blob = new CountedBlob([BYTES]);
  for (const [offset = 0, length = 0] of [[0, 100_001], [-1, 1], [NaN, 1]]) {
    await assertRejects(
      () => blobSource(blob).read(offset, length),
      ArchiveError,
      "lie beyond its 100000 bytes",
    );
  }
  assertEquals(blob.slices, []);
});

Deno.test("a blob source is named as its file, or blob", () => {
  assertEquals(blobName(new File([], "a.zip")), "a.zip");
  assertEquals(blobName(new File([], "")), "blob");
  assertEquals(blobName(new Blob([])), "blob");
});

Deno.test("a file that cannot be read is an error with its name", async () => {
  class Unreadable extends File {
    override slice(): Blob {
      return {
        arrayBuffer: () =>
          Promise.reject(new DOMException("it changed", "NotReadableError")),
      } as Blob;
    }
  }
  await assertRejects(
    () => blobSource(new Unreadable([BYTES], "a.zip")).read(5, 1),
    ArchiveError,
    'Cannot read file: it changed (archive "a.zip", byte 5)',
  );
});

Deno.test("an aborted read of a blob rejects with the reason", async () => {
  const source = blobSource(new Blob([BYTES]));
  const controller = new AbortController();
  const reason = new Error("left");
  const read = source.read(0, 10, { signal: controller.signal });
  controller.abort(reason);
  assertEquals(await read.catch((error) => error), reason);
  assertEquals(
    await source.read(0, 10, { signal: controller.signal })
      .catch((error) => error),
    reason,
  );
});

Deno.test("a zip in a blob is read by slices", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(60_000));
  const bytes = await makeZip({ a: noise, b: noise, c: BYTES });
  const blob = new CountedBlob([bytes as Uint8Array<ArrayBuffer>]);
  const archive = await zipArchive(blobSource(blob));
  assertEquals(archive.members.map(({ path }) => path), ["a", "b", "c"]);
  const readBefore = bytesRead();
  assertEquals(await archive.read("c"), BYTES);
  // A member that deflates to next to nothing: its neighbours are not read.
  assertEquals(bytesRead() - readBefore < 10_000, true);
  assertEquals(await archive.read("a"), noise);

  function bytesRead(): number {
    return blob.slices.reduce((sum, [start, end]) => sum + end - start, 0);
  }
});
