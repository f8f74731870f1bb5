import type { Limits } from "../../../base/limits.ts";
import { limitFault, unsupportedFault } from "./_fault.ts";
import type { H5Module } from "./_library.ts";
import type {
  Hdf5Columns,
  Hdf5Data,
  Hdf5Numbers,
  Hdf5Reference,
} from "./model.ts";

/** Type of elements as h5wasm describes it. */
export type Metadata = ReturnType<H5Module["get_dataset_metadata"]>;

/** Classes of types by HDF5's numbers. */
export const CLASS = {
  integer: 0,
  float: 1,
  time: 2,
  text: 3,
  bits: 4,
  opaque: 5,
  compound: 6,
  reference: 7,
  enumeration: 8,
  ragged: 9,
  array: 10,
} as const;

/** H5T_STR_NULLPAD and H5T_STR_SPACEPAD. */
const NULL_PADDED = 1;
const SPACE_PADDED = 2;

/** Decodes values in the library's form. */
export class Hdf5Decoder {
  readonly #module: H5Module;
  readonly #limits: Limits;
  readonly #member: string;
  readonly #swaps: (type: Metadata) => boolean;

  /**
   * @param type Type of the values; the library turns them to little endian unless
   * their byte orders are mixed.
   * @param member Object that errors name.
   */
  constructor(
    module: H5Module,
    limits: Limits,
    type: Metadata,
    member: string,
  ) {
    this.#module = module;
    this.#limits = limits;
    this.#member = member;
    const isMixed = hasOrder(type, true) && hasOrder(type, false);
    this.#swaps = ({ littleEndian }): boolean => isMixed && !littleEndian;
  }

  /** Decodes elements that follow one another, in a buffer of their own. */
  decoded(bytes: Uint8Array<ArrayBuffer>, type: Metadata): Hdf5Data {
    const { size } = type;
    switch (type.type) {
      case CLASS.integer:
      case CLASS.enumeration:
        return this.#integers(this.#ordered(bytes, type), type);
      case CLASS.float:
        return this.#floats(this.#ordered(bytes, type), size);
      case CLASS.text:
        return this.#texts(bytes, type);
      case CLASS.reference:
        return this.#references(bytes, type);
      case CLASS.compound:
        return this.#columns(bytes, type);
      case CLASS.ragged:
        return this.#ragged(bytes, type);
      case CLASS.array:
        return this.decoded(bytes, type.array_type as Metadata);
    }
    throw this.#unsupported(`its type is of class ${type.type}`);
  }

  #ordered(
    bytes: Uint8Array<ArrayBuffer>,
    type: Metadata,
  ): Uint8Array<ArrayBuffer> {
    if (!this.#swaps(type)) return bytes;
    const { size } = type;
    const swapped = new Uint8Array(bytes.length);
    for (let at = 0; at < bytes.length; at++) {
      const within = at % size;
      swapped[at - within + size - 1 - within] = bytes[at] as number;
    }
    return swapped;
  }

  #integers(
    { buffer }: Uint8Array<ArrayBuffer>,
    { size, signed }: Metadata,
  ): Hdf5Numbers {
    switch (size) {
      case 1:
        return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
      case 2:
        return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
      case 4:
        return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
      case 8:
        return exactly(
          signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer),
        );
    }
    throw this.#unsupported(`its integers have ${size} bytes`);
  }

  #floats({ buffer }: Uint8Array<ArrayBuffer>, size: number): Hdf5Numbers {
    switch (size) {
      case 2:
        return Float32Array.from(new Float16Array(buffer));
      case 4:
        return new Float32Array(buffer);
      case 8:
        return new Float64Array(buffer);
    }
    throw this.#unsupported(`its floats have ${size} bytes`);
  }

  #texts(bytes: Uint8Array<ArrayBuffer>, type: Metadata): string[] {
    if (type.vlen) {
      return Array.from(new Uint32Array(bytes.buffer), (at) => this.#text(at));
    }
    const { size, strpad } = type;
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return Array.from({ length: bytes.length / size }, (_, i) => {
      const all = bytes.subarray(i * size, (i + 1) * size);
      return decoder.decode(all.subarray(0, textEnd(all, strpad)));
    });
  }

  /** Text that ends with a NUL in the library's memory. */
  #text(at: number): string {
    if (at === 0) return "";
    const { HEAPU8 } = this.#module;
    const end = HEAPU8.indexOf(0, at);
    const length = (end < 0 ? HEAPU8.length : end) - at;
    if (length > this.#limits.textLength) {
      const why = `it holds a text of ${length} bytes`;
      throw limitFault(why, this.#limits, "textLength", this.#member);
    }
    return new TextDecoder("utf-8", { ignoreBOM: true })
      .decode(HEAPU8.slice(at, at + length));
  }

  #references(
    { buffer }: Uint8Array<ArrayBuffer>,
    { ref_type, size }: Metadata,
  ): Hdf5Reference[] {
    if (ref_type !== "object" || size !== 8) {
      throw this.#unsupported("it refers to regions of datasets");
    }
    return Array.from(new BigUint64Array(buffer), (address) => ({ address }));
  }

  #columns(bytes: Uint8Array, { size, compound_type }: Metadata): Hdf5Columns {
    const rows = bytes.length / size;
    const columns = (compound_type?.members ?? []).map((member) => {
      const column = new Uint8Array(rows * member.size);
      for (let row = 0; row < rows; row++) {
        const at = row * size + member.offset;
        column.set(bytes.subarray(at, at + member.size), row * member.size);
      }
      return [member.name, this.decoded(column, member)];
    });
    return Object.fromEntries(columns);
  }

  #ragged(
    { buffer }: Uint8Array<ArrayBuffer>,
    { vlen_type }: Metadata,
  ): Hdf5Data[] {
    const type = vlen_type as Metadata;
    const pairs = new Uint32Array(buffer);
    const { HEAPU8 } = this.#module;
    const rows: Hdf5Data[] = [];
    for (let at = 0; at < pairs.length; at += 2) {
      const length = pairs[at] as number * type.size;
      const start = pairs[at + 1] as number;
      rows.push(this.decoded(HEAPU8.slice(start, start + length), type));
    }
    return rows;
  }

  #unsupported(why: string): Error {
    return unsupportedFault(`${why}, which is not read`, this.#member);
  }
}

/** Whether elements of a type hold addresses of the library's memory. */
export function isRagged(type: Metadata): boolean {
  return type.vlen || type.type === CLASS.ragged || parts(type).some(isRagged);
}

/** Types that a type is made of. */
function parts({ compound_type, array_type }: Metadata): Metadata[] {
  return [
    ...compound_type?.members ?? [],
    ...array_type ? [array_type] : [],
  ];
}

function hasOrder(type: Metadata, isLittle: boolean): boolean {
  const { type: kind, size, littleEndian, vlen_type } = type;
  const isNumber = kind === CLASS.integer || kind === CLASS.float ||
    kind === CLASS.enumeration;
  if (isNumber) return size > 1 && littleEndian === isLittle;
  const all = [...parts(type), ...vlen_type ? [vlen_type] : []];
  return all.some((part) => hasOrder(part, isLittle));
}

/** Integers as float64, if that holds each exactly. */
function exactly(integers: BigInt64Array | BigUint64Array): Hdf5Numbers {
  const numbers = Float64Array.from(integers, Number);
  return numbers.every(Number.isSafeInteger) ? numbers : integers;
}

function textEnd(bytes: Uint8Array, padding: number | undefined): number {
  if (padding === NULL_PADDED || padding === SPACE_PADDED) {
    const pad = padding === NULL_PADDED ? 0 : 0x20;
    return bytes.findLastIndex((byte) => byte !== pad) + 1;
  }
  const end = bytes.indexOf(0);
  return end < 0 ? bytes.length : end;
}
