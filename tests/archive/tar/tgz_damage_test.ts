import { gzipSync } from "node:zlib";
import { ArchiveError, DataError } from "../../../src/errors.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { damaged } from "../../support/archives/damaged.ts";
import {
  BLOCK,
  editedTar,
  headerAt,
  joined,
  packed,
  tarball,
  tarOf,
  unpacked,
} from "../../support/archives/tgz_edit.ts";
import { itemAt } from "../../support/item_at.ts";

const TGZ = tarball("pax.tgz");
const TAR = tarOf("pax.tgz");
const GNU = tarOf("gnu.tgz");
const H5 = headerAt(TAR, "P/P.resp.h5");
const PAX = H5 - 2 * BLOCK;
const END = TAR.findLastIndex((byte) => byte !== 0);
const END_BLOCKS = Math.ceil((END + 1) / BLOCK) * BLOCK;
const SPARSE = "29 GNU.sparse.realsize=10240\n";

function edited(
  header: number,
  ...edits: readonly (readonly [number, string | Uint8Array])[]
): Uint8Array {
  return packed(editedTar(TAR, header, ...edits));
}

function flipped(at: number): Uint8Array {
  const index = at < 0 ? TGZ.length + at : at;
  return TGZ.with(index, itemAt(TGZ, index) ^ 1);
}

/** Damage, and the beginning of the message. */
const DAMAGES: readonly (readonly [string, string, Uint8Array])[] = [
  ["an empty file", "gzip: ", new Uint8Array()],
  ["another gzip magic", "gzip: ", flipped(0)],
  ["another compression", "gzip: ", flipped(2)],
  ["reserved flags", "gzip: ", TGZ.with(3, 0xe0)],
  ["a CRC-32 that differs", "gzip: ", flipped(-8)],
  ["a length that differs", "gzip: ", flipped(-4)],
  ["a missing trailer", "gzip: ", TGZ.subarray(0, -8)],
  ["a trailer that is cut short", "gzip: ", TGZ.subarray(0, -1)],
  ["half the file", "gzip: ", TGZ.subarray(0, TGZ.length / 2)],
  ["text behind the end", "gzip: ", joined(TGZ, new Uint8Array(9).fill(65))],
  [
    "text behind zeros",
    "gzip: something that is no gzip member follows",
    joined(TGZ, new Uint8Array(9), new Uint8Array(9).fill(65)),
  ],
  ["half a member behind", "gzip: ", joined(TGZ, TGZ.subarray(0, 40))],
  ["a member behind zeros", "gzip: ", joined(TGZ, new Uint8Array(9), TGZ)],
  [
    "no tar",
    "tar: its end is missing; download the file again",
    gzipSync(new Uint8Array()),
  ],
  ["a text", "tar: it ends inside a header", gzipSync("name,start,end\n")],
  [
    "a header's checksum",
    "tar: a header's checksum differs",
    packed(TAR.with(H5 + 3, 65)),
  ],
  [
    "an extended header's checksum",
    "tar: a header's checksum differs",
    packed(TAR.with(PAX + 3, 65)),
  ],
  [
    "a checksum that is no number",
    "tar: a header's checksum differs",
    packed(TAR.with(H5 + 149, 65)),
  ],
  [
    "a header of neither format",
    "tar: a header is neither POSIX's nor GNU's",
    edited(H5, [257, "other"]),
  ],
  [
    "a size that is no number",
    "tar: a size is no number",
    edited(H5, [124, "0000x000000"]),
  ],
  [
    "a negative size",
    "tar: a size is no number",
    edited(H5, [124, new Uint8Array(12).fill(0xff)]),
  ],
  [
    "a size beyond every file",
    "tar: a size is no number",
    edited(H5, [124, new Uint8Array(12).fill(0xff).with(0, 0x80)]),
  ],
  [
    "a name that is not UTF-8",
    "tar: a name is not UTF-8",
    edited(H5, [0, new Uint8Array([0xff])]),
  ],
  [
    "a size past the end",
    'tar: it ends inside "P/P.resp.h5"; download the file again',
    edited(H5, [124, "00000100000"]),
  ],
  [
    "a size that ends in another body",
    "tar: a header's checksum differs",
    edited(H5, [124, "00000010000"]),
  ],
  [
    "a path that leads up",
    'tar: its path has the part ".." ("../resp.h5")',
    edited(H5, [0, "../resp.h5\0"]),
  ],
  [
    "an absolute path",
    "tar: its path is absolute",
    edited(H5, [0, "/P.resp.h5\0"]),
  ],
  ["an empty path", "tar: its path is empty", edited(H5, [0, "\0"])],
  [
    "an extended path that leads up",
    'tar: its path has the part ".."',
    edited(PAX, [BLOCK, "23 path=../../resp.h5a\n"]),
  ],
  [
    "a symbolic link",
    'tar: "P/P.resp.h5" is a symbolic link',
    edited(H5, [156, "2"], [124, "00000000000"]),
  ],
  ["a hard link", 'tar: "P/P.resp.h5" is a hard link', edited(H5, [156, "1"])],
  ["a folder", 'tar: "P/P.resp.h5" is no regular', edited(H5, [156, "5"])],
  ["a sparse file", 'tar: "P/P.resp.h5" is no regular', edited(H5, [156, "S"])],
  [
    "a sparse file in POSIX's way",
    'tar: "P/P.resp.h5" is no regular file',
    packed(
      editedTar(editedTar(TAR, PAX, [124, "00000000035"]), PAX, [
        BLOCK,
        SPARSE,
      ]),
    ),
  ],
  [
    "an extended header without a length",
    "tar: an extended header is damaged",
    edited(PAX, [BLOCK, "xx"]),
  ],
  [
    "an extended header of other length",
    "tar: an extended header is damaged",
    edited(PAX, [BLOCK, "99"]),
  ],
  [
    "an extended header of no length",
    "tar: an extended header is damaged",
    edited(PAX, [BLOCK, "00"]),
  ],
  [
    "an extended header without a key",
    "tar: an extended header is damaged",
    edited(PAX, [BLOCK + 8, "-"]),
  ],
  [
    "an extended size that is no number",
    'tar: a size is "-712000000.255"',
    edited(PAX, [BLOCK, "23 size=-712000000.255\n"]),
  ],
  [
    "a missing last entry",
    "tar: the last entry is missing",
    packed(joined(TAR.subarray(0, H5), new Uint8Array(2 * BLOCK))),
  ],
  [
    "a file cut short",
    'tar: it ends inside "P/P.resp.h5"; download the file again',
    packed(TAR.subarray(0, H5 + 3000)),
  ],
  [
    "a header cut short",
    "tar: it ends inside a header",
    packed(TAR.subarray(0, H5 + 100)),
  ],
  [
    "missing end blocks",
    "tar: its end is missing; download the file again",
    packed(TAR.subarray(0, END_BLOCKS)),
  ],
  [
    "one end block",
    "tar: its end is missing; download the file again",
    packed(TAR.subarray(0, END_BLOCKS + BLOCK)),
  ],
  [
    "an end that is cut short",
    "tar: it ends inside a header",
    packed(TAR.subarray(0, END_BLOCKS + 2 * BLOCK + 100)),
  ],
  [
    "a zero block inside",
    "tar: something follows its end",
    packed(
      joined(TAR.subarray(0, PAX), new Uint8Array(BLOCK), TAR.subarray(PAX)),
    ),
  ],
  [
    "bytes behind the end",
    "tar: something follows its end",
    packed(TAR.with(END_BLOCKS + 2 * BLOCK, 1)),
  ],
];

for (const [name, why, bytes] of DAMAGES) {
  Deno.test(`tgz: ${name} is refused`, async () => {
    const error = await assertRejects(() => unpacked(bytes), ArchiveError);
    const { message, archive, member, offset } = error;
    assert(message.startsWith(`Cannot read ${why}`), message);
    assertEquals([archive, member], ["a.zip", "recordings/P.tgz"]);
    assert(Number.isInteger(offset), "it names no byte");
  });
}

Deno.test("tgz: two end blocks suffice", async () => {
  const tar = TAR.subarray(0, END_BLOCKS + 2 * BLOCK);
  assertEquals((await unpacked(packed(tar))).length, 4);
});

Deno.test("tgz: sizes may be binary as in GNU, extended, or global", async () => {
  const binary = new Uint8Array(12).with(0, 0x80).with(10, 0x28);
  const lengths = async (tgz: Uint8Array): Promise<number[]> =>
    (await unpacked(tgz)).map(({ bytes }) => bytes.length);
  const expected = [2, 10240, 0, 1500];
  assertEquals(await lengths(edited(H5, [124, binary])), expected);
  const extended = editedTar(TAR, PAX, [BLOCK, "23 size=00000000010240\n"]);
  const sizeless = editedTar(extended, H5, [124, "00000000000"]);
  assertEquals(await lengths(packed(sizeless)), expected);
});

Deno.test("tgz: a file of an old tar has a NUL for its type", async () => {
  const members = await unpacked(edited(H5, [156, "\0"]));
  assertEquals(itemAt(members, 1).bytes.length, 10240);
});

Deno.test("tgz: the dots and slashes that tar writes around a path are removed", async () => {
  const members = await unpacked(edited(H5, [0, "./P.resp.h5\0"]));
  assertEquals(itemAt(members, 1).path, "P.resp.h5");
  const top = headerAt(GNU, "P/");
  const tgz = packed(editedTar(GNU, top, [0, "./\0"]));
  const isFile = (path: string): boolean => path.includes("P.");
  assertEquals((await unpacked(tgz, isFile)).length, 4);
});

Deno.test("tgz: any damage gives members or a data error", async () => {
  let refused = 0;
  for (const name of ["pax.tgz", "gnu.tgz"]) {
    const want = (path: string): boolean => path.includes("P.");
    const sound = JSON.stringify(await unpacked(tarball(name), want));
    for (const damage of damaged(tarball(name))) {
      try {
        const members = await unpacked(damage.bytes, want);
        assertEquals(JSON.stringify(members), sound, damage.name);
      } catch (error) {
        assert(error instanceof DataError, `${damage.name}: ${error}`);
        refused++;
      }
    }
  }
  // The few bits that gzip does not check are its time, its system and flags.
  assert(refused > 900, `${refused} refused`);
});

Deno.test("tgz: any damage of the tar gives members or a data error", async () => {
  for (const { name, bytes } of damaged(TAR, { step: 512, flips: 300 })) {
    try {
      await unpacked(packed(bytes));
    } catch (error) {
      assert(error instanceof DataError, `${name}: ${error}`);
    }
  }
});
