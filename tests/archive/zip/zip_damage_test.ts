import {
  ArchiveError,
  DataError,
  LimitError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { zipArchive } from "../../../src/archive/zip/zip.ts";
import type { Archive } from "../../../src/archive/archive.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  drain,
  fixtureBytes,
  randomBelow,
  rejection,
  sha256,
  truth,
} from "../../support/archives/archive_fixtures.ts";
import { countingSource } from "../../support/archives/byte_sources.ts";
import { ZipEdit } from "../../support/archives/zip_edit.ts";
import { itemAt } from "../../support/item_at.ts";
import { flipByte } from "../../support/flip_byte.ts";

const NAME = "damaged.zip";
const TRIAL = "wehr/Results/20020508-mw-003/001.mat";
const SUMMARY = "wehr/Summary.mat";
const FACTS = itemAt(truth.zips, "plain.zip");

// Fields of the local header; in the directory they are two bytes further on.
const FLAGS = 6;
const METHOD = 8;
const CRC = 14;
const PACKED = 18;
const SIZE = 22;

type ErrorClass = typeof ArchiveError;
type Damage = readonly [
  what: string,
  edit: (zip: ZipEdit) => unknown,
  member: string,
  errorClass: ErrorClass,
  message: string,
];

const up = (old: number): number => old + 1;
const down = (old: number): number => old - 1;
const is = (value: number) => (): number => value;

const MEMBER_DAMAGE: readonly Damage[] = [
  [
    "a flipped byte in a deflated member",
    (zip) => flipByte(zip.bytes, zip.of(TRIAL).data + 700, 0x10),
    TRIAL,
    ArchiveError,
    "",
  ],
  [
    "a flipped byte in a stored member",
    (zip) => flipByte(zip.bytes, zip.of(SUMMARY).data + 5, 0x01),
    SUMMARY,
    ArchiveError,
    "its CRC is",
  ],
  [
    "a member larger than it says",
    (zip) => zip.both(TRIAL, SIZE, 4, down),
    TRIAL,
    ArchiveError,
    "it unpacks to more than its 5999 bytes; download the file again",
  ],
  [
    "a member smaller than it says",
    (zip) => zip.both(TRIAL, SIZE, 4, up),
    TRIAL,
    ArchiveError,
    "it unpacks to 6000 bytes, not 6001",
  ],
  [
    "a member that says to be empty",
    (zip) => zip.both(TRIAL, SIZE, 4, is(0)),
    TRIAL,
    ArchiveError,
    "it unpacks to",
  ],
  [
    "a member with an impossible size",
    (zip) => zip.both(TRIAL, SIZE, 4, is(0x7ffffff0)),
    TRIAL,
    LimitError,
    "1942 bytes cannot unpack to 2147483632",
  ],
  [
    "packed bytes cut short",
    (zip) => zip.both(TRIAL, PACKED, 4, down),
    TRIAL,
    ArchiveError,
    "unexpected end of file; download the file again",
  ],
  [
    "packed bytes that reach into the next member",
    (zip) => zip.both(TRIAL, PACKED, 4, up),
    TRIAL,
    ArchiveError,
    "it reaches beyond byte",
  ],
  [
    "packed bytes beyond the archive",
    (zip) => zip.both(TRIAL, PACKED, 4, is(0x7fffffff)),
    TRIAL,
    ArchiveError,
    "it reaches beyond byte",
  ],
  [
    "a stored member with two sizes",
    (zip) => zip.both(SUMMARY, PACKED, 4, down),
    SUMMARY,
    ArchiveError,
    "768 bytes are stored in 767",
  ],
  [
    "another CRC",
    (zip) => zip.both(TRIAL, CRC, 4, (old) => old ^ 0x80),
    TRIAL,
    ArchiveError,
    "its CRC is",
  ],
  [
    "another size in the header alone",
    (zip) => zip.u32(zip.of(TRIAL).local + SIZE, up),
    TRIAL,
    ArchiveError,
    "size or CRC differs between header and directory",
  ],
  [
    "another packed size in the directory alone",
    (zip) => zip.u32(zip.of(TRIAL).central + PACKED + 2, down),
    TRIAL,
    ArchiveError,
    "size or CRC differs between header and directory",
  ],
  [
    "another path in the header",
    (zip) => flipByte(zip.bytes, zip.of(TRIAL).local + 30, 0x01),
    TRIAL,
    ArchiveError,
    "path differs between header and directory",
  ],
  [
    "another method in the header",
    (zip) => zip.u16(zip.of(TRIAL).local + METHOD, is(0)),
    TRIAL,
    ArchiveError,
    "method differs between header and directory",
  ],
  [
    "other flags in the header",
    (zip) => zip.u16(zip.of(TRIAL).local + FLAGS, (old) => old ^ 1),
    TRIAL,
    ArchiveError,
    "flags differs between header and directory",
  ],
  [
    "no header",
    (zip) => zip.u32(zip.of(TRIAL).local, up),
    TRIAL,
    ArchiveError,
    "no header is there",
  ],
  [
    "an encrypted member",
    (zip) => zip.both(TRIAL, FLAGS, 2, (old) => old | 1),
    TRIAL,
    UnsupportedError,
    "it is encrypted",
  ],
  [
    "a patch",
    (zip) => zip.both(TRIAL, FLAGS, 2, (old) => old | 0x20),
    TRIAL,
    UnsupportedError,
    "it is a patch",
  ],
  [
    "an unknown method",
    (zip) => zip.both(TRIAL, METHOD, 2, is(77)),
    TRIAL,
    UnsupportedError,
    "it is packed with method 77 (unknown)",
  ],
];

for (const [what, edit, member, errorClass, message] of MEMBER_DAMAGE) {
  Deno.test(`${what}: names the place, others stay readable`, async () => {
    const zip = new ZipEdit(fixtureBytes("plain.zip"));
    edit(zip);
    const archive = await open(zip.bytes);
    for (const read of [archive.read, streamed(archive)]) {
      const error = await assertRejects(
        () => read(member),
        errorClass,
        `Cannot read member: ${message}`,
      );
      assertEquals(error.name, errorClass.name);
      assertEquals(
        [error.archive, error.member, error.offset],
        [NAME, member, zip.of(member).local],
      );
    }
    for (const [path, facts] of Object.entries(FACTS)) {
      if (path === member) continue;
      assertEquals(await sha256(await archive.read(path)), facts.sha256);
    }
  });
}

Deno.test("bytes after a deflated member are refused", async () => {
  const zip = new ZipEdit(fixtureBytes("descriptor.zip"));
  const { central } = zip.of(TRIAL);
  const packed = zip.view.getUint32(central + 20, true);
  zip.u32(central + 20, (old) => old + 7);
  const archive = await open(zip.bytes);
  for (const read of [archive.read, streamed(archive)]) {
    await assertRejects(
      () => read(TRIAL),
      ArchiveError,
      `it ends after ${packed} of ${packed + 7} bytes`,
    );
  }
});

Deno.test("members that share bytes are refused", async () => {
  const zip = new ZipEdit(fixtureBytes("plain.zip"));
  zip.u32(zip.of("noise.bin").central + 42, is(zip.of(TRIAL).local));
  const archive = await open(zip.bytes);
  const errors = await Promise.all(
    ["noise.bin", TRIAL].map((path) => rejection(archive.read(path))),
  );
  assert(errors.every((error) => error instanceof ArchiveError));
});

const END_DAMAGE: readonly [string, (zip: ZipEdit) => unknown][] = [
  ["an entry more", (zip) => zip.u16(zip.end + 10, up)],
  ["an entry less", (zip) => zip.u16(zip.end + 10, down)],
  ["no entries", (zip) => zip.u16(zip.end + 10, is(0))],
  ["an absurd count", (zip) => zip.u16(zip.end + 10, is(65_534))],
  ["a count that asks for Zip64", (zip) => zip.u16(zip.end + 10, is(65_535))],
  ["a longer directory", (zip) => zip.u32(zip.end + 12, up)],
  ["a shorter directory", (zip) => zip.u32(zip.end + 12, down)],
  ["an absurd directory", (zip) => zip.u32(zip.end + 12, is(0xfffffff0))],
  ["an earlier directory", (zip) => zip.u32(zip.end + 16, down)],
  ["a later directory", (zip) => zip.u32(zip.end + 16, up)],
  ["a directory far off", (zip) => zip.u32(zip.end + 16, is(0xfffffff0))],
  ["a longer comment", (zip) => zip.u16(zip.end + 20, up)],
  ["no end record", (zip) => zip.u32(zip.end, up)],
  ["no directory record", (zip) => zip.u32(zip.of(TRIAL).central, up)],
  ["a longer name", (zip) => zip.u16(zip.of(TRIAL).central + 28, up)],
  [
    "Zip64 sizes and no field",
    (zip) => zip.u32(zip.of(TRIAL).central + 24, is(0xffffffff)),
  ],
];

for (const [what, edit] of END_DAMAGE) {
  Deno.test(`a directory with ${what} is refused`, async () => {
    const zip = new ZipEdit(fixtureBytes("plain.zip"));
    edit(zip);
    const error = await assertRejects(
      () => open(zip.bytes),
      ArchiveError,
      "Cannot open zip",
    );
    assertEquals(error.archive, NAME);
    assert(error.offset !== undefined && error.offset <= zip.bytes.length);
  });
}

Deno.test("a split zip is refused as such", async () => {
  const zip = new ZipEdit(fixtureBytes("plain.zip"));
  zip.u16(zip.end + 4, is(2));
  await assertRejects(() => open(zip.bytes), UnsupportedError, "Split zip");
});

Deno.test("data after the zip are refused", async () => {
  const bytes = fixtureBytes("plain.zip");
  const longer = new Uint8Array(bytes.length + 3);
  longer.set(bytes);
  await assertRejects(() => open(longer), ArchiveError, "appended data");
});

Deno.test("two files of one path are refused", async () => {
  const zip = new ZipEdit(fixtureBytes("plain.zip"));
  zip.rename(TRIAL.replace("001", "002"), TRIAL);
  const error = await assertRejects(
    () => open(zip.bytes),
    ArchiveError,
    "another file has its path",
  );
  assertEquals(error.member, TRIAL);
});

for (
  const [path, message] of [
    ["../se.bin", 'its path has the part ".."'],
    ["a/../.bin", 'its path has the part ".."'],
    ["./ise.bin", 'its path has the part "."'],
    ["a//se.bin", 'its path has the part ""'],
    ["/oise.bin", "its path is absolute"],
    ["C:ise.bin", "its path names a drive"],
    ["..\\se.bin", "its path has a back-slash"],
    ["a\\ise.bin", "its path has a back-slash"],
    ["a\0ise.bin", "its path has a NUL"],
    ["noise.bi/", "its path is a folder's, yet it has data"],
  ] as const
) {
  Deno.test(`a member named ${JSON.stringify(path)} is refused`, async () => {
    const zip = new ZipEdit(fixtureBytes("plain.zip"));
    const { local } = zip.of("noise.bin");
    zip.rename("noise.bin", path.slice(0, 9));
    const error = await assertRejects(
      () => open(zip.bytes),
      ArchiveError,
      `Cannot open zip: ${message}`,
    );
    assertEquals([error.archive, error.offset], [NAME, local]);
    assertEquals(error.member, path.slice(0, 9));
  });
}

Deno.test("a path that is no UTF-8 is refused", async () => {
  const zip = new ZipEdit(fixtureBytes("plain.zip"));
  const { central } = zip.records.find(({ path }) => path.startsWith("G")) ??
    itemAt(zip.records, 0);
  zip.bytes[central + 46 + 1] = 0xff;
  await assertRejects(() => open(zip.bytes), ArchiveError, "Cannot open zip");
});

for (const name of ["plain.zip", "zip64.zip", "prefix.zip", "comment.zip"]) {
  Deno.test(`${name} cut short is refused, wherever it is cut`, async () => {
    const bytes = fixtureBytes(name);
    const cuts = [bytes.length - 1, bytes.length - 21];
    for (let length = 0; length < bytes.length; length += 64) cuts.push(length);
    for (const length of cuts) {
      const error = await assertRejects(
        () => open(bytes.slice(0, length)),
        ArchiveError,
        "Cannot open zip",
      );
      assertEquals(error.archive, NAME);
    }
  });
}

for (const name of ["plain.zip", "zip64.zip", "descriptor.zip"]) {
  Deno.test(`${name}: 500 flipped bytes give the right content or an error`, async () => {
    const below = randomBelow(20020508);
    const sound = fixtureBytes(name);
    let refused = 0;
    for (let round = 0; round < 500; round++) {
      const bytes = sound.slice();
      flipByte(bytes, below(bytes.length), 1 + below(255));
      refused += await refusals(bytes, name);
    }
    assert(refused > 250, `only ${refused} flips were noticed`);
  });
}

// Members read whole and as streams: right, or refused with a `DataError`.
async function refusals(bytes: Uint8Array, name: string): Promise<number> {
  const facts = itemAt(truth.zips, name);
  let refused = 0;
  const read = async (start: () => Promise<Uint8Array>): Promise<string> => {
    try {
      return await sha256(await start());
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      assertEquals(error.archive, NAME);
      refused = 1;
      return "refused";
    }
  };
  try {
    const archive = await open(bytes);
    const listed = archive.members.map(({ path }) => path);
    for (const path of new Set([...listed, ...Object.keys(facts)])) {
      const expected = ["refused", facts[path]?.sha256];
      const whole = await read(() => archive.read(path));
      assert(expected.includes(whole), `${path} is wrong`);
      assertEquals(await read(() => drain(archive.stream(path))), whole);
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return 1;
  }
  return refused;
}

function open(bytes: Uint8Array): Promise<Archive> {
  return zipArchive(countingSource(bytes, NAME));
}

function streamed(archive: Archive): (path: string) => Promise<Uint8Array> {
  return (path) => drain(archive.stream(path));
}
