import { deflateSync } from "node:zlib";

/** Codes of "MAT-File Format" for the types that the tests pack. */
export const CLASS = { cell: 1, struct: 2, char: 4, double: 6 } as const;

/** A little-endian data element. */
export function element(type: number, data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(8 * Math.ceil(data.length / 8));
  padded.set(data);
  return joined(words(type, data.length), padded);
}

/** 32-bit little-endian numbers. */
export function words(...numbers: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setUint32(4 * i, number, true));
  return new Uint8Array(view.buffer);
}

/** An array: class, shape and name, then content. */
export function matrix(
  matClass: number,
  shape: readonly number[],
  name: string,
  ...content: readonly Uint8Array[]
): Uint8Array {
  const body = joined(
    element(6, words(matClass, 0)),
    element(5, words(...shape)),
    element(1, new TextEncoder().encode(name)),
    ...content,
  );
  return element(14, body);
}

/** A 1 x n array of class double, stored as 16-bit numbers. */
export function trace(name: string, samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.buffer);
  return matrix(CLASS.double, [1, samples.length], name, element(3, bytes));
}

/** Field names of a struct, in slots of 32 bytes. */
export function fields(...names: readonly string[]): Uint8Array {
  const slots = new Uint8Array(32 * names.length);
  names.forEach((name, i) => slots.set(new TextEncoder().encode(name), 32 * i));
  return joined(element(5, words(32)), element(1, slots));
}

/** The same variable, compressed as in v7. */
export function compressed(variable: Uint8Array): Uint8Array {
  const data = deflateSync(variable);
  return joined(words(15, data.length), data);
}

/** A level 5 file of these variables. */
export function level5(...variables: readonly Uint8Array[]): Uint8Array {
  const head = new Uint8Array(128).fill(32);
  head.set(new TextEncoder().encode("MATLAB 5.0 MAT-file, packed by a test"));
  head.set([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x49, 0x4d], 116);
  return joined(head, ...variables);
}

/** A little-endian level 4 matrix of doubles. */
export function level4(
  type: number,
  shape: readonly [number, number],
  numbers: readonly number[],
): Uint8Array {
  const head = words(type, ...shape, 0, 2);
  const data = new Uint8Array(Float64Array.from(numbers).buffer);
  return joined(head, new Uint8Array([120, 0]), data);
}

/** Joins bytes. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
