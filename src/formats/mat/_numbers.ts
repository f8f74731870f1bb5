import type { MatBytes } from "./_bytes.ts";
import type { MatElement } from "./_cursor.ts";
import { elementCount } from "./_header.ts";
import type { NumericArray } from "./value.ts";

/** Constructor of one of the typed arrays of {@linkcode NumericArray}. */
export interface NumericConstructor<T extends NumericArray = NumericArray> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

const STORED: ReadonlyMap<number, NumericConstructor> = new Map<
  number,
  NumericConstructor
>([
  [1, Int8Array],
  [2, Uint8Array],
  [3, Int16Array],
  [4, Uint16Array],
  [5, Int32Array],
  [6, Uint32Array],
  [7, Float32Array],
  [9, Float64Array],
  [12, BigInt64Array],
  [13, BigUint64Array],
]);

/**
 * Numbers of an element, of the type in which they are stored.
 *
 * @param shape Shape of the array, which must have as many elements.
 * @throws {FormatError} If its type is not numeric, or its length is wrong.
 */
export function numbersOf(
  source: MatBytes,
  element: MatElement,
  shape: readonly number[],
): NumericArray {
  const stored = STORED.get(element.type);
  if (stored === undefined) {
    throw source.malformed(
      `numbers are of data type ${element.type}, expected a numeric one`,
      element.tag,
    );
  }
  const count = element.length / stored.BYTES_PER_ELEMENT;
  if (Number.isInteger(count) && count !== elementCount(shape)) {
    throw source.malformed(
      `an array of shape ${shape.join(" x ")} has ${count} numbers`,
      element.tag,
    );
  }
  return typedNumbers(source, element, stored);
}

/** Numbers of an element as a given type, whatever type it has. */
export function typedNumbers<T extends NumericArray>(
  source: MatBytes,
  { start, length, tag }: Omit<MatElement, "type">,
  stored: NumericConstructor<T>,
): T {
  const size = stored.BYTES_PER_ELEMENT;
  if (length % size !== 0) {
    throw source.malformed(
      `${length} bytes are no whole count of ${size}-byte numbers`,
      tag,
    );
  }
  const bytes = source.bytes.subarray(start, start + length);
  const native = source.littleEndian || size === 1;
  const whole = native ? aligned(bytes, size) : swapped(bytes, size);
  return new stored(whole.buffer, whole.byteOffset, length / size);
}

function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
}

// Every platform of Deno and every browser is little-endian.
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(bytes);
  if (size === 2) swapPairs(new Uint16Array(result.buffer));
  else swapWords(new Uint32Array(result.buffer), size / 4);
  return result;
}

function swapPairs(pairs: Uint16Array): void {
  for (let i = 0; i < pairs.length; i++) {
    const pair = pairs[i] as number;
    pairs[i] = pair << 8 | pair >>> 8;
  }
}

/** @param each Words of a number, 1 or 2. */
function swapWords(words: Uint32Array, each: number): void {
  for (let i = 0; i < words.length; i += each) {
    const first = swappedWord(words[i] as number);
    words[i] = swappedWord(words[i + each - 1] as number);
    words[i + each - 1] = first;
  }
}

function swappedWord(word: number): number {
  const pairs = (word & 0xff00ff) << 8 | word >>> 8 & 0xff00ff;
  return pairs << 16 | pairs >>> 16;
}
