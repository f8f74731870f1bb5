import fc from "fast-check";
import { itemAt } from "../support/item_at.ts";

/** A place in a file: an offset from its start or end, or a fraction of its length. */
interface Spot {
  readonly from: "start" | "end" | "anywhere";
  readonly at: number;
}

/** Changes a file, possibly in place. */
type Mutation = (bytes: Uint8Array) => Uint8Array;

/** Numbers that break counts, lengths and offsets. */
const EXTREMES: readonly bigint[] = [
  ...[0n, 1n, 7n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn],
  ...[1n << 20n, 1n << 28n, 0x7fffffffn, 0x80000000n, 0xffffffffn],
  ...[1n << 32n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n],
  (1n << 64n) - 1n,
];
const LENGTHS = [1, 2, 4, 8, 46, 128, 512, 4096];

const spot: fc.Arbitrary<Spot> = fc.record({
  from: fc.constantFrom("start", "end", "anywhere"),
  at: fc.nat(1023),
});

const flipped = fc.record({ spot, bit: fc.nat(7) })
  .map(({ spot, bit }): Mutation => (bytes) => {
    if (bytes.length > 0) (bytes[placeOf(spot, bytes)] as number) ^= 1 << bit;
    return bytes;
  });

const overwritten = fc.record({
  spot,
  width: fc.constantFrom(1, 2, 4, 8),
  value: fc.oneof(fc.constantFrom(...EXTREMES), fc.bigInt(0n, 4096n)),
  isLittle: fc.boolean(),
  isAligned: fc.boolean(),
}).map(({ spot, width, value, isLittle, isAligned }): Mutation => (bytes) => {
  const place = placeOf(spot, bytes);
  const at = isAligned ? place - place % width : place;
  for (let i = 0; i < width && at + i < bytes.length; i++) {
    const shift = BigInt(8 * (isLittle ? i : width - 1 - i));
    bytes[at + i] = Number(value >> shift & 0xffn);
  }
  return bytes;
});

const cut = spot.map((spot): Mutation => (bytes) =>
  bytes.slice(0, placeOf(spot, bytes))
);

const dropped = fc.record({ spot, length: fc.constantFrom(...LENGTHS) })
  .map(({ spot, length }): Mutation => (bytes) => {
    const at = placeOf(spot, bytes);
    return joined(bytes.subarray(0, at), bytes.subarray(at + length));
  });

/** Inserts a range of the file again, or writes it over another range. */
const duplicated = fc.record({
  spot,
  target: spot,
  length: fc.constantFrom(...LENGTHS),
  isInserted: fc.boolean(),
}).map(({ spot, target, length, isInserted }): Mutation => (bytes) => {
  const start = placeOf(spot, bytes);
  const range = bytes.slice(start, start + length);
  const at = placeOf(target, bytes);
  const rest = bytes.subarray(isInserted ? at : at + range.length);
  return joined(bytes.subarray(0, at), range, rest);
});

function splicedFrom(files: readonly Uint8Array[]): fc.Arbitrary<Mutation> {
  return fc.record({ file: fc.nat(files.length - 1), spot, target: spot })
    .map(({ file, spot, target }): Mutation => (bytes) => {
      const other = itemAt(files, file);
      const head = bytes.subarray(0, placeOf(target, bytes));
      return joined(head, other.subarray(placeOf(spot, other)));
    });
}

/**
 * Files with one to three faults: bits flipped, fields overwritten with extreme
 * numbers, ranges cut off, dropped, duplicated, or spliced in from another file.
 *
 * @param files Valid files, which stay unchanged.
 */
export function mutated(
  files: readonly Uint8Array[],
): fc.Arbitrary<Uint8Array> {
  const mutation = fc.oneof(
    { weight: 6, arbitrary: flipped },
    { weight: 8, arbitrary: overwritten },
    { weight: 1, arbitrary: cut },
    { weight: 1, arbitrary: dropped },
    { weight: 1, arbitrary: duplicated },
    { weight: 1, arbitrary: splicedFrom(files) },
  );
  return fc.record({
    file: fc.nat(files.length - 1),
    mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
  }).map(({ file, mutations }) =>
    mutations.reduce<Uint8Array>(
      (bytes, mutate) => mutate(bytes),
      itemAt(files, file).slice(),
    )
  );
}

/** Joins bytes. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function placeOf({ from, at }: Spot, { length }: Uint8Array): number {
  if (length === 0) return 0;
  if (from === "anywhere") return Math.floor(at / 1024 * length);
  return from === "start" ? at % length : length - 1 - at % length;
}
