import fc from "fast-check";
import { crc32, deflateRawSync } from "node:zlib";
import {
  compressed,
  element,
  level5,
  words,
} from "../support/archives/mat_pack.ts";
import { joined } from "./_mutated.ts";

const ENCODER = new TextEncoder();

/** A field of 16 or 32 bits: the right number, or another one. */
const lie = fc.option(
  fc.oneof(
    fc.constantFrom(0, 1, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff),
    fc.nat(4096),
  ),
  { freq: 8 },
);

const zipEntry = fc.record({
  path: fc.constantFrom("a.mat", "A.mat", "a/b", "b/", "../x", "/x", "", "\0"),
  size: fc.nat(600),
  method: fc.constantFrom(0, 0, 8, 8, 8, 12),
  flags: fc.constantFrom(0, 0, 0, 1, 8, 0x800, 0x2000),
  lies: fc.record({ crc: lie, packed: lie, size: lie, offset: lie }),
});
type ZipEntry = typeof zipEntry extends fc.Arbitrary<infer Entry> ? Entry
  : never;

/** Zips whose records contradict one another or their bytes. */
export const structuredZip: fc.Arbitrary<Uint8Array> = fc.record({
  entries: fc.array(zipEntry, { maxLength: 5 }),
  end: fc.record({ count: lie, size: lie, offset: lie }),
}).map(({ entries, end }) => {
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = zipRecords(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = joined(...centrals);
  const tail = new Uint8Array(18);
  const view = new DataView(tail.buffer);
  view.setUint16(4, end.count ?? entries.length, true);
  view.setUint16(6, end.count ?? entries.length, true);
  view.setUint32(8, end.size ?? directory.length, true);
  view.setUint32(12, end.offset ?? offset, true);
  return joined(...locals, directory, words(0x06054b50), tail);
});

/** Records of a file that begins at an offset of the zip. */
function zipRecords(
  { path, size, method, flags, lies }: ZipEntry,
  offset: number,
): { local: Uint8Array; central: Uint8Array } {
  const plain = new Uint8Array(size).fill(size);
  const packed = method === 8 ? deflateRawSync(plain) : plain;
  const name = ENCODER.encode(path);
  const fields = new Uint8Array(26);
  const view = new DataView(fields.buffer);
  view.setUint16(0, 20, true);
  view.setUint16(2, flags, true);
  view.setUint16(4, method, true);
  view.setUint32(10, lies.crc ?? crc32(plain), true);
  view.setUint32(14, lies.packed ?? packed.length, true);
  view.setUint32(18, lies.size ?? size, true);
  view.setUint16(22, name.length, true);
  const place = new Uint8Array(14);
  new DataView(place.buffer).setUint32(10, lies.offset ?? offset, true);
  const made = Uint8Array.of(20, 0);
  return {
    local: joined(words(0x04034b50), fields, name, packed),
    central: joined(words(0x02014b50), made, fields, place, name),
  };
}

/** A data element of any type, usually an array, whose length may be wrong. */
const { matrix } = fc.letrec<{ matrix: Uint8Array; content: Uint8Array[] }>(
  (tie) => ({
    content: fc.array(
      fc.oneof(
        { maxDepth: 4, depthIdentifier: "arrays" },
        fc.record({
          type: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 16, 17, 18, 99),
          bytes: fc.uint8Array({ maxLength: 40 }),
        }).map(({ type, bytes }) => element(type, bytes)),
        tie("matrix"),
      ),
      { maxLength: 4, depthIdentifier: "arrays" },
    ),
    matrix: fc.record({
      code: fc.integer({ min: 0, max: 18 }),
      flags: fc.constantFrom(0, 0, 0, 0x200, 0x800),
      shape: fc.array(
        fc.oneof(
          fc.nat(4),
          fc.constantFrom(-1, 1 << 20, 1 << 28, 0x7fffffff),
        ),
        { minLength: 1, maxLength: 4 },
      ),
      name: fc.constantFrom("", "x", "triggers"),
      content: tie("content"),
      claim: lie,
    }).map(({ code, flags, shape, name, content, claim }) => {
      const bytes = element(
        14,
        joined(
          element(6, words(code | flags, 0)),
          element(5, words(...shape)),
          element(1, ENCODER.encode(name)),
          ...content,
        ),
      );
      if (claim !== null) {
        new DataView(bytes.buffer).setUint32(4, claim, true);
      }
      return bytes;
    }),
  }),
);

/** MATLAB files of nested arrays, plain or compressed. */
export const structuredMat: fc.Arbitrary<Uint8Array> = fc.array(
  fc.record({ matrix, isCompressed: fc.boolean() }),
  { maxLength: 3 },
).map((variables) =>
  level5(
    ...variables.map(({ matrix, isCompressed }) =>
      isCompressed ? compressed(matrix) : matrix
    ),
  )
);

/**
 * Tables of fields that are hard to parse.
 *
 * @param header First record of most tables.
 * @param fields Fields of the other records, mixed with the hard ones.
 */
export function structuredCsv(
  header: string,
  fields: readonly string[],
): fc.Arbitrary<Uint8Array> {
  const odd = [
    '"',
    '""',
    '"a"',
    '"a""b"',
    '"a\nb"',
    "",
    "\r",
    "1e999",
    "\u00e9",
  ];
  const field = fc.constantFrom(...fields, ...fields, ...odd);
  const count = header.split(",").length;
  const record = fc.array(field, { minLength: count - 1, maxLength: count + 1 })
    .map((all) => all.join(","));
  return fc.record({
    hasHeader: fc.nat(9),
    records: fc.array(record, { maxLength: 6 }),
    end: fc.constantFrom("\n", "\r\n", "\r"),
  }).map(({ hasHeader, records, end }) => {
    const all = hasHeader === 0 ? records : [header, ...records];
    return ENCODER.encode(all.join(end));
  });
}
