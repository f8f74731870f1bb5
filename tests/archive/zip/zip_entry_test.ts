import { crc32 } from "node:zlib";
import { ArchiveError } from "../../../src/errors.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { extraOf, joined, type OneFile, oneFileZip } from "./_one_file_zip.ts";
import { listing, listsAsZipJs } from "./_zip_listing.ts";
import { zipJsListing } from "./_zip_reference.ts";
import { itemAt } from "../../support/item_at.ts";

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
const FILE = new TextEncoder().encode("wehr/1.mat");

Deno.test("zip entry: every byte of code page 437, as zip.js reads it", async () => {
  const low = Uint8Array.from({ length: 255 }, (_, i) => i + 1)
    .filter((byte) => byte !== 0x2f && byte !== 0x5c);
  const { path } = itemAt(await listsAsZipJs(oneFileZip({ name: low })), 0);
  assertEquals(path.length, low.length);
  assert(path.startsWith("\u263a\u263b") && path.endsWith("\u25a0\u00a0"));
  const control = new TextEncoder().encode("a\nb");
  const listed = await listsAsZipJs(oneFileZip({ name: control }));
  const { path: odd } = itemAt(listed, 0);
  assertEquals(odd, "a\u25d9b");
});

/** Field 0x7075 of a path: Info-ZIP's, APPNOTE 4.6.9. */
function unicodePath(
  path: Uint8Array,
  { version = 1, crc = crc32(FILE) } = {},
): Uint8Array {
  const head = new DataView(new ArrayBuffer(5));
  head.setUint8(0, version);
  head.setUint32(1, crc, true);
  return extraOf(UNICODE_PATH, joined(head, path));
}

const MUSIC = new TextEncoder().encode("\u97f3.mat");

for (
  const [what, file, expected] of [
    ["a Unicode path", { extra: unicodePath(MUSIC) }, "\u97f3.mat"],
    [
      "a Unicode path of another path",
      { extra: unicodePath(MUSIC, { crc: 1 }) },
      "wehr/1.mat",
    ],
    [
      "one of another version",
      { extra: unicodePath(MUSIC, { version: 2 }) },
      "wehr/1.mat",
    ],
    [
      "one beside UTF-8",
      { extra: unicodePath(MUSIC), flags: 1 << 11 },
      "wehr/1.mat",
    ],
    [
      "one without room for its CRC",
      { extra: extraOf(UNICODE_PATH, new Uint8Array(4)) },
      "wehr/1.mat",
    ],
    [
      "an unknown field that is cut short",
      { extra: extraOf(0xcafe, new Uint8Array(9)).slice(0, 8) },
      "wehr/1.mat",
    ],
  ] as const
) {
  Deno.test(`zip entry: ${what} is read as zip.js reads it`, async () => {
    const zip = oneFileZip({ name: FILE, ...file });
    const { path } = itemAt(await listsAsZipJs(zip), 0);
    assertEquals(path, expected);
  });
}

/** A Zip64 field of 8-byte values, and a disk of 4. */
function zip64(values: readonly number[], disk?: number): Uint8Array {
  const length = 8 * values.length + (disk === undefined ? 0 : 4);
  const data = new DataView(new ArrayBuffer(length));
  values.forEach((value, i) => data.setBigUint64(8 * i, BigInt(value), true));
  if (disk !== undefined) data.setUint32(length - 4, disk, true);
  return extraOf(ZIP64, new Uint8Array(data.buffer));
}

const LONG = 0xffffffff;
const FAR = 2 ** 40 + 7;

for (
  const [what, file] of [
    ["a size", { size: LONG, extra: zip64([FAR]) }],
    ["a packed size", { packedSize: LONG, extra: zip64([FAR]) }],
    ["a place", { offset: LONG, extra: zip64([FAR]) }],
    ["both sizes", { size: LONG, packedSize: LONG, extra: zip64([1, FAR]) }],
    ["a size and a place", {
      size: LONG,
      offset: LONG,
      extra: zip64([FAR, FAR + 1]),
    }],
    ["a disk", { disk: 0xffff, extra: zip64([], 0) }],
    ["all", {
      size: LONG,
      packedSize: LONG,
      offset: LONG,
      disk: 0xffff,
      extra: joined(extraOf(0xcafe, FILE), zip64([FAR, 2, 3], 0)),
    }],
    ["more than is asked for", { size: LONG, extra: zip64([FAR, 1, 2], 3) }],
    ["what is not asked for", { size: 9, extra: zip64([FAR]) }],
  ] as readonly (readonly [string, Partial<OneFile>])[]
) {
  Deno.test(`zip entry: Zip64 with ${what} as zip.js reads it`, async () => {
    await listsAsZipJs(oneFileZip({ name: FILE, ...file }));
  });
}

const REFUSED: readonly (readonly [string, Partial<OneFile>, string])[] = [
  ["too short a Zip64 field", {
    size: LONG,
    packedSize: LONG,
    extra: zip64([1]),
  }, "missing zip64 extra field"],
  [
    "a Zip64 field that is cut short",
    { size: LONG, extra: zip64([1]).slice(0, 11) },
    "an extra field is cut short",
  ],
  [
    "two Zip64 fields",
    { size: LONG, extra: joined(zip64([1]), zip64([2])) },
    "an extra field is there twice",
  ],
  [
    "a size beyond 2^53",
    { size: LONG, extra: zip64([2 ** 60]) },
    "a number is beyond every file",
  ],
  [
    "two Unicode paths",
    { extra: joined(unicodePath(MUSIC), unicodePath(FILE)) },
    "an extra field is there twice",
  ],
  [
    "a Unicode path that is no UTF-8",
    { extra: unicodePath(Uint8Array.of(0x61, 0xff)) },
    "a path is no UTF-8",
  ],
  [
    "another disk",
    { disk: 1 },
    "it lies in another part of a split",
  ],
  [
    "bytes behind the last header",
    { behind: new Uint8Array(7) },
    "Central directory header not found",
  ],
  [
    "bytes between the directory and its end",
    { between: new Uint8Array(7) },
    "Central directory header not found",
  ],
];

for (const [what, file, message] of REFUSED) {
  Deno.test(`zip entry: ${what} is refused`, async () => {
    const zip = oneFileZip({ name: FILE, ...file });
    const error = await assertRejects(
      () => listing(zip),
      ArchiveError,
      `Cannot open zip: ${message}`,
    );
    assert(error.offset !== undefined && error.offset <= zip.length);
  });
}

Deno.test("zip entry: a digital signature ends it", async () => {
  const head = Uint8Array.of(0x50, 0x4b, 5, 5, 3, 0);
  const behind = joined(head, new Uint8Array(3));
  await listsAsZipJs(oneFileZip({ name: FILE, behind }));
  await assertRejects(
    () => listing(oneFileZip({ name: FILE, behind: behind.slice(0, 8) })),
    ArchiveError,
    "Central directory header not found",
  );
});

Deno.test("zip entry: one of AES keeps its method, which zip.js replaces", async () => {
  const aes = Uint8Array.of(2, 0, 0x41, 0x45, 3, 8, 0);
  const extra = extraOf(0x9901, aes);
  const zip = oneFileZip({ name: FILE, flags: 1, method: 99, extra });
  const ours = itemAt(await listing(zip), 0);
  const theirs = itemAt((await zipJsListing(zip)).entries, 0);
  assertEquals([ours.method, theirs.method], [99, 8]);
  assertEquals([ours.crc32, theirs.crc32], [0, NaN]);
});
