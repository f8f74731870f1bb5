import { ArchiveError, LimitError } from "../../../src/errors.ts";
import type { ByteSource } from "../../../src/archive/bytes/byte_source.ts";
import { zipArchive } from "../../../src/archive/zip/zip.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { manyEmptyFiles } from "./_many_files.ts";
import { countingSource } from "../../support/archives/byte_sources.ts";

const MIB = 1 << 20;

/** File of zeros except for its end record and the record this points to. */
function claimingSource(size: number, directory: number): ByteSource {
  const end = size - 22;
  const records = new Uint8Array(22);
  const view = new DataView(records.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, 1, true);
  view.setUint16(10, 1, true);
  view.setUint32(12, directory, true);
  view.setUint32(16, end - directory, true);
  return {
    name: "claims.zip",
    size,
    read(offset, length): Promise<Uint8Array> {
      assert(length <= MIB, `${length} bytes were asked for`);
      const bytes = new Uint8Array(length);
      if (offset === end - directory) {
        new DataView(bytes.buffer).setUint32(0, 0x02014b50, true);
      }
      if (offset + length === size) bytes.set(records, length - 22);
      return Promise.resolve(bytes);
    },
  };
}

Deno.test("a directory larger than 64 MiB is not read", async () => {
  const error = await assertRejects(
    () => zipArchive(claimingSource(200 * MIB, 100 * MIB)),
    LimitError,
    "its directory claims 104857600 bytes: limits.directoryBytes is 67108864",
  );
  assertEquals(error.archive, "claims.zip");
  assertEquals(error.offset, 100 * MIB - 22);
});

Deno.test("a directory that sends the search in circles is refused", async () => {
  const count = 2000;
  const zip = manyEmptyFiles(count);
  const view = new DataView(zip.buffer);
  // No local header where the directory says, nor a little further on.
  for (let i = 0; i < count; i++) view.setUint32(i * 36, 0, true);
  const end = zip.length - 22;
  view.setUint32(end + 16, view.getUint32(end + 16, true) - 7, true);
  const source = countingSource(zip);
  await assertRejects(() => zipArchive(source), ArchiveError, "in 256 reads");
  assertEquals(source.reads.length, 256);
});
