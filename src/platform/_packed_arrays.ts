/** Key of a typed array's class in its packed form. */
const CLASS = "\u0000typed array";

const CLASSES = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

/** A typed array whose values no walk over the message meets. */
interface Packed {
  readonly [CLASS]: keyof typeof CLASSES;
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  readonly length: number;
}

/**
 * A message with the memory of its typed arrays in their place; arrays and plain
 * objects are copied, others stay as they are.
 *
 * Deno looks for message ports in every value that a port receives, also in the
 * values of typed arrays: 100 ns each, measured with Deno 2.9.
 */
export function packedArrays(
  value: unknown,
  known: Map<object, unknown> = new Map(),
): unknown {
  if (typeof value !== "object" || value === null) return value;
  const copied = known.get(value);
  if (copied !== undefined) return copied;
  if (isTypedArray(value)) {
    const { buffer, byteOffset, length } = value;
    const name = value[Symbol.toStringTag];
    return { [CLASS]: name, buffer, byteOffset, length };
  }
  if (!Array.isArray(value) && !isPlain(value)) return value;
  const copy = (Array.isArray(value) ? [] : {}) as Record<string, unknown>;
  known.set(value, copy);
  for (const [key, item] of Object.entries(value)) {
    copy[key] = packedArrays(item, known);
  }
  return copy;
}

/** A message of {@linkcode packedArrays} as it was; changes what it is given. */
export function unpackedArrays(
  value: unknown,
  known: Set<unknown> = new Set(),
): unknown {
  if (typeof value !== "object" || value === null || known.has(value)) {
    return value;
  }
  if (isPacked(value)) {
    const { [CLASS]: name, buffer, byteOffset, length } = value;
    return new CLASSES[name](buffer, byteOffset, length);
  }
  if (!Array.isArray(value) && !isPlain(value)) return value;
  known.add(value);
  const items = value as Record<string, unknown>;
  for (const [key, item] of Object.entries(items)) {
    items[key] = unpackedArrays(item, known);
  }
  return value;
}

function isTypedArray(
  value: object,
): value is InstanceType<(typeof CLASSES)[keyof typeof CLASSES]> {
  return ArrayBuffer.isView(value) &&
    (value as Partial<Uint8Array>)[Symbol.toStringTag] as string in CLASSES;
}

function isPacked(value: object): value is Packed {
  return Object.hasOwn(value, CLASS);
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
