import { gunzipSync } from "node:zlib";
import {
  type DataErrorPlace,
  FormatError,
  UnsupportedError,
} from "../../../src/errors.ts";
import { tgzMembers } from "../../../src/archive/tar/tgz.ts";
import { openZip } from "../../../src/archive/zip/zip.ts";
import { openHdf5 } from "../../../src/formats/hdf5/hdf5.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { itemAt } from "../../support/item_at.ts";

const FIXTURES = new URL("../../fixtures/hdf5/", import.meta.url);
const PLACE: DataErrorPlace = { archive: "a.zip", member: "p.tgz!P/P.stim.h5" };

interface Digest {
  readonly shape: readonly number[];
  readonly sha256: string;
}

const EXPECTED: Readonly<Record<string, Readonly<Record<string, Digest>>>> =
  JSON.parse(Deno.readTextFileSync(new URL("expected.json", FIXTURES)));

function fixture(name: string): Uint8Array {
  const bytes = Deno.readFileSync(new URL(name, FIXTURES));
  return name.endsWith(".gz") ? new Uint8Array(gunzipSync(bytes)) : bytes;
}

async function sha256(data: Float64Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", data);
  return new Uint8Array(digest).toHex();
}

async function digests(bytes: Uint8Array): Promise<Record<string, Digest>> {
  using file = openHdf5(bytes);
  const found: Record<string, Digest> = {};
  for (const name of file.names) {
    const { shape, data } = file.read(name);
    assertEquals(data.length, shape.reduce((a, b) => a * b, 1), name);
    const single = file.readFloat32(name);
    assertEquals(single, { shape, data: new Float32Array(data) }, name);
    const copy = new Float64Array(data);
    found[name] = { shape, sha256: await sha256(copy) };
  }
  return found;
}

for (const name of Object.keys(EXPECTED).filter((key) => !key.includes("!"))) {
  Deno.test(`hdf5: ${name} matches h5py`, async () => {
    const found = await digests(fixture(name));
    assertEquals(Object.keys(found), Object.keys(itemAt(EXPECTED, name)));
    assertEquals(found, { ...EXPECTED[name] });
  });
}

Deno.test("hdf5: the recordings match h5py", async () => {
  const release = new URL("../wingert-small/recordings.zip", FIXTURES);
  const zip = await openZip(decodeURIComponent(release.pathname));
  const found: string[] = [];
  for (const { path } of zip.members) {
    const isHdf5 = (name: string): boolean => name.endsWith(".h5");
    for await (const member of tgzMembers(zip.stream(path), isHdf5)) {
      const key = `${path}!${member.path}`;
      assertEquals(await digests(member.bytes), { ...EXPECTED[key] }, key);
      found.push(key);
    }
  }
  const expected = Object.keys(EXPECTED).filter((key) => key.includes("!"));
  assert(expected.length > 0);
  assertEquals(found.sort(), expected.sort());
});

Deno.test("hdf5: names are in the order of their bytes", () => {
  using file = openHdf5(fixture("links.h5.gz"));
  assertEquals(file.names.length, 300);
  assertEquals(file.names, [...file.names].sort());
  assertEquals(openHdf5(fixture("none.h5")).names, []);
});

Deno.test("hdf5: bytes may begin anywhere in their buffer, and are not changed", () => {
  const small = fixture("small.h5");
  const shifted = new Uint8Array(small.length + 3).subarray(3);
  shifted.set(small);
  using file = openHdf5(shifted);
  const { data } = file.read("x");
  assertEquals([...data], [-3, -2.875, -2.75, -2.625, -2.5, -2.375]);
  data.fill(0);
  assertEquals(file.read("x").data[0], -3);
  assertEquals(shifted, small);
});

Deno.test("hdf5: a missing dataset is named", () => {
  using file = openHdf5(fixture("small.h5"), PLACE);
  const error = assertThrows(
    () => file.read("z"),
    FormatError,
    'Cannot read HDF5: there is no dataset "z" (archive "a.zip", member ' +
      '"p.tgz!P/P.stim.h5"',
  );
  assertEquals(error.archive, PLACE.archive);
  assertEquals(error.member, PLACE.member);
  assertThrows(() => file.read("constructor"), FormatError);
});

Deno.test("hdf5: a file that was disposed of is not read", () => {
  const file = openHdf5(fixture("small.h5"));
  file[Symbol.dispose]();
  assertThrows(
    () => file.read("x"),
    TypeError,
    "Cannot read HDF5: the file of x is closed, expected it open",
  );
});

Deno.test("hdf5: a sound dataset is read beside one of another kind", () => {
  using file = openHdf5(fixture("small.h5").with(3622, 0x10));
  assertEquals(file.read("x").shape, [6]);
  assertThrows(() => file.read("y"), UnsupportedError);
});

const REFUSED: Readonly<Record<string, readonly [string, string]>> = {
  superblock3: ["UnsupportedError", "the superblock has version 3, expected 0"],
  userblock: ["FormatError", "there is no signature HDF"],
  track_order: ["UnsupportedError", "the header of the root group has version"],
  contiguous: ["UnsupportedError", 'dataset "x" has layout 1, not chunks'],
  compact: ["UnsupportedError", 'dataset "x" has layout 0, not chunks'],
  scalar: ["UnsupportedError", 'dataset "x" has 0 axes, flags 0'],
  group: ["UnsupportedError", 'dataset "x" is a group'],
  unwritten: ["FormatError", 'dataset "x" has no chunk at [0]'],
  float32: ["UnsupportedError", 'dataset "x" is not little-endian float64'],
  big_endian: ["UnsupportedError", 'dataset "x" is not little-endian float64'],
  int64: ["UnsupportedError", 'dataset "x" is not little-endian float64'],
  text: ["UnsupportedError", 'dataset "x" is not little-endian float64'],
  shuffle: ["UnsupportedError", 'dataset "x" has 2 filters, the first of id 2'],
  fletcher32: ["UnsupportedError", 'dataset "x" has 2 filters, the first of'],
  lzf: ["UnsupportedError", 'dataset "x" has 1 filters, the first of id 32000'],
  soft_link: ["UnsupportedError", '"y" is a symbolic link'],
  external_link: ["UnsupportedError", "the root group has a message of type 2"],
};

for (const { name } of Deno.readDirSync(new URL("refused/", FIXTURES))) {
  Deno.test(`hdf5: refused/${name} is refused by kind and name`, () => {
    const [kind, why] = itemAt(REFUSED, name.replace(".h5", ""));
    const error = assertThrows(() => {
      using file = openHdf5(fixture(`refused/${name}`), PLACE);
      for (const dataset of file.names) file.read(dataset);
    }, kind === "FormatError" ? FormatError : UnsupportedError);
    assert(error.message.startsWith(`Cannot read HDF5: ${why}`), error.message);
    assertEquals([error.archive, error.member], [PLACE.archive, PLACE.member]);
    assert(Number.isInteger(error.offset));
  });
}
