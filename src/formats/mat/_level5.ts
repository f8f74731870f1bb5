import { FormatError } from "../../errors.ts";
import { readArray } from "./_array.ts";
import type { MatBytes } from "./_bytes.ts";
import { MatCursor, MI } from "./_cursor.ts";
import { elementCount, type MatHeader, readHeader } from "./_header.ts";
import { inflated, type InflatedHead, inflatedHead } from "./_inflate.ts";
import type { MatClass, MatValue, MatVariable } from "./value.ts";

class StoredVariable implements MatVariable {
  readonly name: string;
  readonly class: MatClass;
  readonly shape: readonly number[];
  readonly #stored: MatBytes;
  readonly #packed: PackedArray | undefined;

  constructor(head: VariableHead, name: string, stored: MatBytes) {
    this.name = name;
    this.class = head.header.class;
    this.shape = head.header.shape;
    this.#stored = stored;
    this.#packed = head.packed;
  }

  get byteLength(): number {
    return this.#stored.bytes.length;
  }

  read(): MatValue {
    return decoded(this.#stored, this.#packed);
  }
}

/** Header of a variable, and more of a compressed one. */
interface VariableHead {
  readonly header: MatHeader;
  readonly packed?: PackedArray;
}

/** Array inside a compressed variable, as its head claims it. */
interface PackedArray {
  /** Bytes with its tag. */
  readonly size: number;
  /** Most bytes that it can take. */
  readonly most: number;
  /** The array, if it is small. */
  readonly whole: InflatedHead["whole"];
}

const FILE_HEADER_BYTES = 128;
const SUBSYSTEM_OFFSET_AT = 116;
const TAG_BYTES = 8;
/** Classes whose shape does not limit their bytes. */
const UNSIZED: ReadonlySet<MatClass> = new Set([
  ...["cell", "struct", "object", "sparse", "function", "opaque"] as const,
]);
/** A complex double. */
const MOST_ELEMENT_BYTES = 16;
/** Tags, flags, 32 axes and padding take a tenth of it. */
const MOST_HEAD_BYTES = 4096;

/**
 * Lists the variables of a level 5 file and decodes no more than their headers.
 *
 * @throws {FormatError} If the chain of variables or a header is damaged.
 */
export function level5Variables(file: MatBytes): readonly MatVariable[] {
  const variables: MatVariable[] = [];
  const subsystem = subsystemOffset(file);
  let position = FILE_HEADER_BYTES;
  while (position < file.bytes.length) {
    file.checkVariables(variables.length, position);
    const stored = storedAt(file, position);
    const head = headOf(stored);
    // The target of function handles has no name: this one is SciPy's.
    const name = position === subsystem && head.header.name === ""
      ? "__function_workspace__"
      : head.header.name;
    variables.push(new StoredVariable(head, name, stored));
    position += stored.bytes.length;
  }
  return variables;
}

function subsystemOffset(file: MatBytes): number {
  const first = file.uint32(SUBSYSTEM_OFFSET_AT);
  const second = file.uint32(SUBSYSTEM_OFFSET_AT + 4);
  const [low, high] = file.littleEndian ? [first, second] : [second, first];
  return high * 2 ** 32 + low;
}

function storedAt(file: MatBytes, position: number): MatBytes {
  const left = file.bytes.length - position - TAG_BYTES;
  if (left < 0) {
    throw file.malformed(
      `${left + TAG_BYTES} bytes follow the last variable`,
      position,
    );
  }
  const type = file.uint32(position);
  const length = file.uint32(position + 4);
  if (type !== MI.matrix && type !== MI.compressed) {
    throw file.malformed(
      `a variable is of data type ${type}, expected ${MI.matrix} or ` +
        `${MI.compressed}`,
      position,
    );
  }
  if (length === 0 || length > left) {
    throw file.malformed(
      `a variable claims ${length} bytes where ${left} are left; download the ` +
        "file again",
      position,
    );
  }
  return file.part(position, position + TAG_BYTES + length);
}

function headOf(stored: MatBytes): VariableHead {
  if (!isCompressed(stored)) return { header: headerIn(stored) };
  try {
    return packedHead(inflatedHead(stored, false));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return packedHead(inflatedHead(stored, true));
  }
}

function headerIn(array: MatBytes): MatHeader {
  const end = Math.min(TAG_BYTES + arrayLength(array), array.bytes.length);
  return readHeader(new MatCursor(array, TAG_BYTES, end));
}

function packedHead({ bytes, whole }: InflatedHead): VariableHead {
  const header = headerIn(bytes);
  const size = TAG_BYTES + arrayLength(bytes);
  return { header, packed: { size, most: mostBytes(header), whole } };
}

/** Most bytes that an array of its class and shape can take. */
function mostBytes(header: MatHeader): number {
  if (UNSIZED.has(header.class)) return Infinity;
  const content = MOST_ELEMENT_BYTES * elementCount(header.shape);
  return MOST_HEAD_BYTES + header.name.length + content;
}

function decoded(stored: MatBytes, packed: PackedArray | undefined): MatValue {
  const array = packed === undefined
    ? stored.part(0, stored.bytes.length)
    : inflated(stored, packed.size, packed.most, packed.whole);
  return readArray(new MatCursor(array, 0, array.bytes.length), 0);
}

function isCompressed(stored: MatBytes): boolean {
  return stored.uint32(0) === MI.compressed;
}

function arrayLength(array: MatBytes): number {
  if (array.bytes.length >= TAG_BYTES && array.uint32(0) === MI.matrix) {
    return array.uint32(4);
  }
  throw array.malformed("a compressed variable holds no array", 0);
}
