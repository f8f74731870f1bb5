import {
  ArchiveError,
  DataNotFoundError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { zipArchive } from "../../../src/archive/zip/zip.ts";
import { openZip } from "../../../src/archive/zip/zip.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  drain,
  fixture,
  fixtureBytes,
  rejection,
  sha256,
  truth,
} from "../../support/archives/archive_fixtures.ts";
import { manyEmptyFiles } from "./_many_files.ts";
import {
  countFiles,
  countingSource,
} from "../../support/archives/byte_sources.ts";
import { itemAt } from "../../support/item_at.ts";

for (const [name, facts] of Object.entries(truth.zips)) {
  Deno.test(`${name} lists and reads as in Python`, async () => {
    const archive = await openZip(fixture(name));
    assertEquals(archive.name, fixture(name));
    assertEquals(
      archive.members,
      Object.entries(facts).map(([path, { size }]) => ({ path, size })),
    );
    for (const [path, { sha256: expected }] of Object.entries(facts)) {
      const whole = await archive.read(path);
      assertEquals(await sha256(whole), expected, path);
      assertEquals(whole.byteLength, whole.length);
      assert(!("readUInt8" in whole), "a Buffer shares memory on slice()");
      const streamed = await drain(archive.stream(path));
      assertEquals(await sha256(streamed), expected, `${path} as a stream`);
    }
  });
}

Deno.test("an empty zip has no members", async () => {
  const archive = await openZip(fixture("empty.zip"));
  assertEquals(archive.members, []);
});

Deno.test("opening a small zip takes one read, a member one more", async () => {
  const source = countingSource(fixtureBytes("plain.zip"));
  const archive = await zipArchive(source);
  assertEquals(source.reads, [[0, source.size]]);
  await archive.read("noise.bin");
  const { offset, packedSize } = itemAt(
    itemAt(truth.zips, "plain.zip"),
    "noise.bin",
  );
  const header = 30 + "noise.bin".length;
  const [at, length] = itemAt(source.reads, 1);
  assertEquals(source.reads.length, 2);
  assertEquals(at, offset);
  assert(length >= header + packedSize && length <= header + packedSize + 64);
});

Deno.test("a local extra field longer than the slack is read", async () => {
  const zip = withLongExtra(fixtureBytes("comment.zip"), 300);
  const source = countingSource(zip);
  const archive = await zipArchive(source);
  const text = new TextDecoder().decode(await archive.read("a.txt"));
  assertEquals(text, "commented");
  assertEquals(source.reads.length, 3);
  assertEquals(await drain(archive.stream("a.txt")).then((b) => b.length), 9);
});

Deno.test("an entry count that has wrapped at 65,536 is read", async () => {
  const archive = await zipArchive(countingSource(manyEmptyFiles(65_539)));
  assertEquals(archive.members.length, 65_539);
  assertEquals(await archive.read("f65538"), new Uint8Array());
});

Deno.test("a missing member is not found, and named with its archive", async () => {
  const archive = await openZip(fixture("plain.zip"));
  for (const path of ["nothing", "wehr", "wehr/", "/empty.txt", ""]) {
    const error = await assertRejects(
      () => archive.read(path),
      DataNotFoundError,
      "Cannot read member: there is none",
    );
    assertEquals([error.archive, error.member], [archive.name, path]);
    await assertRejects(() => drain(archive.stream(path)), DataNotFoundError);
  }
});

Deno.test("an unsupported method is named, other members stay readable", async () => {
  const archive = await openZip(fixture("odd.zip"));
  const refused = {
    "bzip2.txt": "it is packed with method 12 (bzip2)",
    "lzma.txt": "it is packed with method 14 (lzma)",
    "link": "it is a symbolic link",
  };
  for (const [path, message] of Object.entries(refused)) {
    const error = await assertRejects(
      () => archive.read(path),
      UnsupportedError,
      message,
    );
    assertEquals(error.member, path);
    await assertRejects(
      () => drain(archive.stream(path)),
      UnsupportedError,
      message,
    );
  }
  const text = new TextDecoder().decode(await archive.read("plain.txt"));
  assertEquals(text, "readable");
});

Deno.test("opening refuses a missing path, a file that is no zip, and a value that is no path", async () => {
  const missing = fixture("missing.zip");
  const error = await assertRejects(
    () => openZip(missing),
    DataNotFoundError,
    "Cannot open zip",
  );
  assertEquals(error.archive, missing);
  assert(error.cause instanceof Deno.errors.NotFound);
  await assertRejects(
    () => openZip(fixture("truth.json")),
    ArchiveError,
    "no directory at its end",
  );
  await assertRejects(() => openZip(fixture(".")), ArchiveError, "no file");
  await assertRejects(
    () => openZip(undefined as unknown as string),
    TypeError,
    "Cannot open zip: path is undefined, expected a string",
  );
});

Deno.test({
  name: "a zip that may not be read is not found",
  permissions: { read: false },
  async fn(): Promise<void> {
    const error = await assertRejects(
      () => openZip("plain.zip"),
      DataNotFoundError,
      "read access",
    );
    assert(error.cause instanceof Deno.errors.NotCapable);
  },
});

Deno.test("a zip that goes missing after opening is not found", async () => {
  const path = await Deno.makeTempFile();
  await Deno.copyFile(fixture("plain.zip"), path);
  const archive = await openZip(path);
  await Deno.truncate(path, 100);
  const error = await assertRejects(
    () => archive.read("empty.txt"),
    ArchiveError,
    "it has 100 bytes, and had 4719 when opened",
  );
  assertEquals([error.archive, error.offset], [path, 100]);
  await Deno.remove(path);
  await assertRejects(() => archive.read("empty.txt"), DataNotFoundError);
});

Deno.test("aborted before: rejects with the reason, opens nothing", async () => {
  using files = countFiles();
  const archive = await openZip(fixture("plain.zip"));
  const opened = files.opened;
  const signal = AbortSignal.abort("left");
  const options = { signal };
  assertEquals(await rejection(openZip(fixture("plain.zip"), options)), "left");
  assertEquals(await rejection(archive.read("empty.txt", options)), "left");
  const stream = archive.stream("empty.txt", options);
  assertEquals(await rejection(drain(stream)), "left");
  assertEquals([files.opened, files.open], [opened, 0]);
});

Deno.test("aborted while pending: rejects with the reason, file closed", async () => {
  using files = countFiles();
  const archive = await openZip(fixture("plain.zip"));
  const reason = new Error("left");
  for (
    const start of [
      (signal: AbortSignal): Promise<unknown> =>
        openZip(fixture("plain.zip"), { signal }),
      (signal: AbortSignal): Promise<unknown> =>
        archive.read("noise.bin", { signal }),
      (signal: AbortSignal): Promise<unknown> =>
        drain(archive.stream("noise.bin", { signal })),
    ]
  ) {
    const controller = new AbortController();
    const read = rejection(start(controller.signal));
    controller.abort(reason);
    assertEquals(await read, reason);
    assertEquals(files.open, 0);
  }
});

function withLongExtra(zip: Uint8Array, length: number): Uint8Array {
  const nameEnd = 30 + "a.txt".length;
  const extra = new Uint8Array(length);
  const longer = new Uint8Array(zip.length + length);
  longer.set(zip.subarray(0, nameEnd));
  longer.set(extra, nameEnd);
  longer.set(zip.subarray(nameEnd), nameEnd + length);
  const view = new DataView(longer.buffer);
  // A field of an unknown kind, whose content is ignored.
  view.setUint16(nameEnd, 0xcafe, true);
  view.setUint16(nameEnd + 2, length - 4, true);
  view.setUint16(28, length, true);
  const end = zip.length - 22 - "recorded in 2002 ".length * 8 + length;
  view.setUint32(end + 16, view.getUint32(end + 16, true) + length, true);
  return longer;
}
