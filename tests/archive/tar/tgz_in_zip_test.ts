import { ArchiveError } from "../../../src/errors.ts";
import { tgzMembers } from "../../../src/archive/tar/tgz.ts";
import { zipArchive } from "../../../src/archive/zip/zip.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { makeZip } from "../../support/archives/make_zip.ts";
import { countingSource } from "../../support/archives/byte_sources.ts";
import {
  editedTar,
  headerAt,
  joined,
  longTar,
  packed,
  tarOf,
} from "../../support/archives/tgz_edit.ts";

const PATH = "recordings/P.tgz";
const LENGTH = 6 << 20;
const PAX = tarOf("pax.tgz");
const PATHS = ["P/P.meta.json", "P/P.resp.h5", "P/P.resp.json"];
const START = PATHS.reduce<Uint8Array>(
  (tar, path) => editedTar(tar, headerAt(tar, path), [0, "Q"]),
  PAX.subarray(0, headerAt(PAX, "P/P.resp.json") + 512),
);
const TGZ = packed(joined(START, longTar(LENGTH)));
const isRespJson = (path: string): boolean => path.endsWith(".resp.json");
const isHdf5 = (path: string): boolean => path.endsWith(".h5");

for (const level of [0, 6] as const) {
  const packing = level === 0 ? "stored" : "deflated";

  Deno.test(`tgz: one ${packing} in a zip is read until the loop is left`, async () => {
    const source = countingSource(await makeZip({ [PATH]: TGZ }, level));
    const zip = await zipArchive(source);
    for await (const { path } of tgzMembers(zip.stream(PATH), isRespJson)) {
      assertEquals(path, "Q/P.resp.json");
      break;
    }
    assertEquals(source.pending, 0);
    assert(source.bytesRead < 2 << 20, `${source.bytesRead} bytes were read`);
    const lengths = await Array.fromAsync(
      tgzMembers(zip.stream(PATH), isHdf5),
      ({ bytes }) => bytes.length,
    );
    assertEquals(lengths, [10240, LENGTH]);
  });
}

Deno.test("tgz: an abort ends a pending read of the zip", async () => {
  const source = countingSource(await makeZip({ [PATH]: TGZ }, 0));
  const zip = await zipArchive(source);
  const stop = new AbortController();
  const { signal } = stop;
  const stream = zip.stream(PATH, { signal });
  const members = tgzMembers(stream, isHdf5, { signal });
  assertEquals((await members.next()).value?.bytes.length, 10240);
  source.hang();
  const reading = members.next();
  const reason = new RangeError("enough");
  stop.abort(reason);
  const error = await assertRejects(() => reading, RangeError);
  assert(error === reason);
  assertEquals(source.pending, 0);
});

Deno.test("tgz: a fault that the zip finds at the end is reported, although gzip passes", async () => {
  const bytes = await makeZip({ [PATH]: packed(PAX) }, 0);
  const magic = [0x1f, 0x8b, 8];
  const gzip = bytes.findIndex((_, i) =>
    magic.every((byte, k) => bytes[i + k] === byte)
  );
  // The time in gzip's header is not part of its checksum.
  const source = countingSource(bytes.with(gzip + 4, 1), "recordings.zip");
  const zip = await zipArchive(source);
  const error = await assertRejects(
    () => Array.fromAsync(tgzMembers(zip.stream(PATH), isHdf5)),
    ArchiveError,
    "CRC",
  );
  assertEquals([error.archive, error.member], ["recordings.zip", PATH]);
});
