import {
  ArchiveError,
  DataError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { readZipDirectory } from "../../../src/archive/zip/_directory.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  fixture,
  fixtureBytes,
  randomBelow,
} from "../../support/archives/archive_fixtures.ts";
import { manyEmptyFiles } from "./_many_files.ts";
import { joined, oneFileZip } from "./_one_file_zip.ts";
import { type Below, mutated, randomZip } from "./_random_zip.ts";
import { countingSource } from "../../support/archives/byte_sources.ts";
import { ZipEdit } from "../../support/archives/zip_edit.ts";
import { listing, listsAsZipJs } from "./_zip_listing.ts";
import { itemAt } from "../../support/item_at.ts";

const FIXTURES = [...Deno.readDirSync(fixture("."))]
  .map(({ name }) => name)
  .filter((name) => name.endsWith(".zip"))
  .sort();
const LONG = 0xffffffff;
const FILE = new TextEncoder().encode("wehr/1.mat");

for (const name of FIXTURES) {
  Deno.test(`directory of ${name}: as zip.js lists it`, async () => {
    await listsAsZipJs(fixtureBytes(name));
  });
}

Deno.test("directory: 200 zips of zip.js' writer, as it lists them", async () => {
  const below = randomBelow(4161);
  let listed = 0;
  for (let round = 0; round < 200; round++) {
    listed += (await listsAsZipJs(await randomZip(below))).length;
  }
  assert(listed > 500, `only ${listed} files`);
});

// zip.js lists the same without warnings whenever the reader lists files. It also
// accepts a comment that is cut short, an entry on another disk, extra fields that
// are cut short, a locator or end records that disagree, and paths that lead
// outside.
Deno.test("directory: 2,000 mutations give what zip.js lists, or an error", async () => {
  const below = randomBelow(65_536);
  const sound = await bases(below);
  const counts = { listed: 0, refused: 0 };
  for (let round = 0; round < 2000; round++) {
    const bytes = mutated(itemAt(sound, below(sound.length)), below);
    const listed = await listing(bytes).catch((error) => {
      if (!(error instanceof DataError)) throw error;
      assertEquals(error.archive, "a.zip");
      return undefined;
    });
    if (listed === undefined) counts.refused++;
    else await listsAsZipJs(bytes);
    if (listed !== undefined) counts.listed++;
  }
  assert(counts.listed > 500, `only ${counts.listed} were listed`);
  assert(counts.refused > 1000, `only ${counts.refused} were refused`);
});

async function bases(below: Below): Promise<Uint8Array[]> {
  const made: Uint8Array[] = FIXTURES.map(fixtureBytes);
  for (let i = 0; i < 20; i++) made.push(await randomZip(below));
  return made;
}

Deno.test("directory: an encrypted one is refused as such", async () => {
  const edit = new ZipEdit(fixtureBytes("plain.zip"));
  edit.u32(itemAt(edit.records, 0).central, () => 0x08064b50);
  for (const zip of [edit.bytes, withLongZip64End()]) {
    await assertRejects(
      () => listing(zip),
      UnsupportedError,
      "Encrypted central directory",
    );
  }
});

/** Zip64 end that is needed and eight bytes too long. */
function withLongZip64End(): Uint8Array {
  const zip = fixtureBytes("spare64.zip");
  const locator = zip.length - 22 - 20;
  const behind = zip.subarray(locator);
  const bytes = joined(zip.subarray(0, locator), new Uint8Array(8), behind);
  const view = viewOf(bytes);
  view.setUint32(locator - 56 + 4, 44 + 8, true);
  view.setUint32(bytes.length - 22 + 16, LONG, true);
  return bytes;
}

for (
  const [what, at, message] of [
    // From the end of the file: the end record, the locator, the Zip64 end.
    ["a disk of its locator", 22 + 20 - 4, "Split zip file"],
    ["a place of its locator", 22 + 20 - 8, "mismatched central directory"],
    ["a length", 22 + 20 + 56 - 4, "its Zip64 end has a length of 45"],
    ["a disk", 22 + 20 + 56 - 16, "mismatched zip64 end of central directory"],
    ["a count", 22 + 20 + 56 - 32, "mismatched zip64 end of central directory"],
    ["an offset", 22 + 20 + 56 - 48, "mismatched zip64 end of central"],
  ] as const
) {
  Deno.test(`directory: a Zip64 end that has ${what} more is refused`, async () => {
    const bytes = fixtureBytes("spare64.zip");
    const place = bytes.length - at;
    bytes[place] = itemAt(bytes, place) + 1;
    await assertRejects(() => listing(bytes), DataError, message);
  });
}

Deno.test("directory: after a program, with and without Zip64", async () => {
  const program = new Uint8Array(100).fill(0x23);
  for (const name of FIXTURES) {
    const sound = await listing(fixtureBytes(name));
    const behind = joined(program, fixtureBytes(name));
    assertEquals(
      await listing(behind),
      sound.map((entry) => ({ ...entry, offset: entry.offset + 100 })),
    );
  }
});

Deno.test("directory: of two zips in a row the latter is read", async () => {
  const first = oneFileZip({ name: FILE, method: 8 });
  const second = fixtureBytes("plain.zip");
  const listed = await listing(joined(first, second));
  assertEquals(listed.length, (await listing(second)).length);
});

Deno.test("directory: two directories in a row are refused", async () => {
  const zip = oneFileZip({ name: FILE });
  const between = zip.slice(30 + FILE.length, zip.length - 22);
  await assertRejects(
    () => listing(oneFileZip({ name: FILE, between })),
    ArchiveError,
    "prepended central directory",
  );
});

Deno.test("directory: a comment that could be an end is refused", async () => {
  const zip = fixtureBytes("plain.zip");
  const end = zip.slice(zip.length - 22);
  const twice = joined(zip, end);
  viewOf(twice).setUint16(zip.length - 2, 22, true);
  await assertRejects(
    () => listing(twice),
    ArchiveError,
    "multiple end of central directory records",
  );
});

Deno.test("directory: one of over 64 KiB takes two reads, no byte more", async () => {
  const zip = manyEmptyFiles(2000);
  const source = countingSource(zip);
  await readZipDirectory(source, DEFAULT_LIMITS);
  const tail = 22 + 65_535;
  assertEquals(source.reads, [
    [zip.length - tail, tail],
    [2000 * 36, 2000 * 52],
  ]);
});

Deno.test("directory: a small one after a program takes one read", async () => {
  const source = countingSource(fixtureBytes("prefix.zip"));
  await readZipDirectory(source, DEFAULT_LIMITS);
  assertEquals(source.reads.length, 1);
});

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
