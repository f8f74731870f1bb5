import { deflateSync } from "node:zlib";
import { DataError, FormatError } from "../../../src/errors.ts";
import { openHdf5 } from "../../../src/formats/hdf5/hdf5.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { damaged } from "../../support/archives/damaged.ts";
import { DAMAGES } from "./_hdf5_damages.ts";
import {
  CHUNK_ENTRY,
  type Edit,
  edited,
  SMALL,
  u16,
  u32,
  u64,
  withChunk,
  X,
} from "./_hdf5_edit.ts";

function readAll(bytes: Uint8Array): number[][] {
  using file = openHdf5(bytes, { archive: "a.zip", member: "m.h5" });
  return file.names.map((name) => [...file.read(name).data]);
}

for (const [name, errorClass, why, bytes] of DAMAGES) {
  Deno.test(`hdf5: ${name} is refused`, () => {
    const error = assertThrows(() => readAll(bytes), errorClass, why);
    assert(error.message.startsWith("Cannot read HDF5: "));
    assertEquals([error.archive, error.member], ["a.zip", "m.h5"]);
    assert(Number.isInteger(error.offset), "it names no byte");
  });
}

Deno.test("hdf5: a raw chunk among deflated ones is read", () => {
  const raw = new Uint8Array(Float64Array.of(0.5, 0.25).buffer);
  const [x] = readAll(withChunk(raw, 16, 1));
  assertEquals(x, [0.5, 0.25, -2.75, -2.625, -2.5, -2.375]);
});

Deno.test("hdf5: a header may continue in further blocks, which end", () => {
  const block = SMALL.slice(X.space - 8, X.space - 8 + 256);
  const length = SMALL.length;
  const hop = [...u16(0x10), ...u16(16), 0, 0, 0, 0];
  const toBlock = [...hop, ...u64(length), ...u64(256)];
  const head: Edit[] = [
    [X.header + 2, u16(7)],
    [X.header + 8, u32(24)],
    [X.header + 16, toBlock],
  ];
  const sound = new Uint8Array([...edited(...head), ...block]);
  assertEquals(readAll(sound)[0], [-3, -2.875, -2.75, -2.625, -2.5, -2.375]);
  const toItself = [...hop, ...u64(X.header + 16), ...u64(24)];
  const endless = edited(
    [X.header + 2, u16(65535)],
    [X.header + 8, u32(24)],
    [X.header + 16, toItself],
  );
  assertThrows(() => readAll(endless), FormatError, "no message of type 1");
});

Deno.test("hdf5: chunks that share bytes cannot claim more memory", () => {
  const packed = new Uint8Array(deflateSync(new Uint8Array(8192)));
  const size = SMALL.length;
  const claims = [0, 1, 2].map((i): Edit => [
    X.chunks + i * CHUNK_ENTRY,
    [...u32(size - 10), ...u32(0), ...u64(2 * i), ...u64(0), ...u64(5)],
  ]);
  const file = new Uint8Array([...edited(...claims), ...packed]);
  const why = 'dataset "x" has';
  assertThrows(() => readAll(file), FormatError, why);
});

Deno.test("hdf5: any damage gives values or a data error", () => {
  const sound = JSON.stringify(readAll(SMALL));
  let refused = 0;
  let changed = 0;
  for (const { name, bytes } of damaged(SMALL)) {
    try {
      if (JSON.stringify(readAll(bytes)) !== sound) changed++;
    } catch (error) {
      assert(error instanceof DataError, `${name}: ${error}`);
      refused++;
    }
  }
  assert(refused > SMALL.length / 64, `${refused} refused`);
  // Chunks carry a checksum, and their places are checked against the shape.
  assertEquals(changed, 0);
});

Deno.test("hdf5: any truncation is refused", () => {
  for (let end = 0; end < SMALL.length; end += 64) {
    assertThrows(() => readAll(SMALL.slice(0, end)), FormatError);
  }
});
