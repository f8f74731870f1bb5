import type { MatBytes } from "./_bytes.ts";
import { checkLevel4SparseShape, level4Sparse } from "./_sparse.ts";
import { textOfUnits } from "./_names.ts";
import { checkElements } from "./_header.ts";
import { type NumericConstructor, typedNumbers } from "./_numbers.ts";
import { StoredVariable } from "./_level5.ts";
import { checkLength, textArray } from "./_text.ts";
import type {
  MatChar,
  MatNumeric,
  MatValue,
  MatVariable,
  NumericArray,
} from "./value.ts";

const HEADER_BYTES = 20;
const MAX_TYPE = 5000;
const MACHINES = ["", "", "VAX D-float", "VAX G-float", "Cray"];
const STORED: readonly NumericConstructor[] = [
  Float64Array,
  Float32Array,
  Int32Array,
  Int16Array,
  Uint16Array,
  Uint8Array,
];
const TEXT = 1;
const SPARSE = 2;

/** Header of a level 4 matrix: "MAT-File Format", table 1-22. */
interface Level4Header {
  readonly name: string;
  readonly kind: number;
  readonly stored: NumericConstructor;
  readonly shape: readonly number[];
  readonly complex: boolean;
  readonly dataStart: number;
  readonly end: number;
}

/** Whether the type word of a level 4 matrix can be one in this byte order. */
export function isLevel4Type(word: number): boolean {
  return word >= 0 && word <= MAX_TYPE;
}

/**
 * The variables of a level 4 file.
 *
 * @throws {FormatError} If the chain of variables or a header is damaged.
 * @throws {UnsupportedError} If it was written on a VAX or a Cray.
 */
export function level4Variables(file: MatBytes): readonly MatVariable[] {
  const variables: MatVariable[] = [];
  let position = 0;
  while (position < file.bytes.length) {
    file.checkVariables(variables.length, position);
    const rest = file.part(position, file.bytes.length);
    const header = readHeader(rest);
    const stored = rest.part(0, header.end);
    const summary = {
      name: header.name,
      class: (["double", "char", "sparse"] as const)[header.kind],
      shape: header.kind === SPARSE
        ? sparseShape(stored, header)
        : header.shape,
    };
    variables.push(
      new StoredVariable(summary, stored, (bytes) => decoded(bytes, header)),
    );
    position += header.end;
  }
  return variables;
}

function readHeader(source: MatBytes): Level4Header {
  if (source.bytes.length < HEADER_BYTES) {
    throw source.malformed("a level 4 header is cut short", 0);
  }
  const type = readType(source);
  const [rows, columns, complex, nameLength] = [4, 8, 12, 16].map((at) =>
    source.int32(at)
  );
  if (rows < 0 || columns < 0 || nameLength < 0 || complex >> 1 !== 0) {
    throw source.malformed(
      `a level 4 header has shape ${rows} x ${columns}, imaginary flag ` +
        `${complex} and a name of ${nameLength} bytes`,
      0,
    );
  }
  const dataStart = HEADER_BYTES + nameLength;
  // A sparse matrix holds its imaginary part in a column of its own.
  const parts = complex === 1 && type.kind !== SPARSE ? 2 : 1;
  const end = dataStart +
    parts * rows * columns * type.stored.BYTES_PER_ELEMENT;
  if (end > source.bytes.length) {
    throw source.malformed(
      `a level 4 matrix takes ${end} bytes where ${source.bytes.length} are left`,
      0,
    );
  }
  const name = nameOf(source.bytes.subarray(HEADER_BYTES, dataStart));
  const shape = [rows, columns];
  return { ...type, name, shape, complex: parts === 2, dataStart, end };
}

function nameOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return textOfUnits(end < 0 ? bytes : bytes.subarray(0, end));
}

// The type is the decimal digits M (machine), 0, P (number type), T (kind).
function readType(
  source: MatBytes,
): Pick<Level4Header, "kind" | "stored"> {
  const word = source.int32(0);
  const [machine, zero, number, kind] = [1000, 100, 10, 1].map((unit) =>
    Math.floor(word / unit) % 10
  );
  const stored = STORED[number];
  if (
    !isLevel4Type(word) || machine >= MACHINES.length || zero !== 0 ||
    stored === undefined || kind > SPARSE
  ) {
    throw source.malformed(`${word} is no type of a level 4 matrix`, 0);
  }
  if (machine >= 2) {
    throw source.unsupported(
      `numbers are in ${MACHINES[machine]} format, expected IEEE`,
      0,
    );
  }
  if ((machine === 0) !== source.littleEndian) {
    throw source.malformed(
      `type ${word} contradicts the byte order in which it is written`,
      0,
    );
  }
  return { kind, stored };
}

function storedNumbers(
  source: MatBytes,
  { dataStart, shape, stored }: Level4Header,
  part: 0 | 1 = 0,
): NumericArray {
  const length = shape[0] * shape[1] * stored.BYTES_PER_ELEMENT;
  const start = dataStart + part * length;
  return typedNumbers(source, { tag: start, start, length }, stored);
}

function decoded(source: MatBytes, header: Level4Header): MatValue {
  checkElements(source, header, 0);
  const numbers = storedNumbers(source, header);
  if (header.kind === SPARSE) {
    const shape = sparseShape(source, header);
    return level4Sparse(source, numbers, header.shape[1], shape);
  }
  if (header.kind === TEXT) return decodedText(source, header, numbers);
  const value: MatNumeric = {
    type: "numeric",
    class: "double",
    logical: false,
    shape: header.shape,
    data: numbers,
  };
  if (!header.complex) return value;
  return { ...value, imaginary: storedNumbers(source, header, 1) };
}

// A sparse matrix is stored as a full one, whose last row ends in its shape.
function sparseShape(
  source: MatBytes,
  { dataStart, shape: [height, width], stored }: Level4Header,
): readonly number[] {
  if (height === 0 || (width !== 3 && width !== 4)) {
    throw source.malformed(
      `a sparse matrix is stored as one of ${height} x ${width}`,
      0,
    );
  }
  const length = stored.BYTES_PER_ELEMENT;
  const [rows, columns] = [height - 1, 2 * height - 1].map((index) => {
    const start = dataStart + index * length;
    return Number(
      typedNumbers(source, { tag: start, start, length }, stored)[0],
    );
  });
  checkLevel4SparseShape(source, rows, columns);
  return [rows, columns];
}

function decodedText(
  source: MatBytes,
  header: Level4Header,
  numbers: NumericArray,
): MatChar {
  checkLength(source, header.dataStart, numbers.length);
  const codes = Uint16Array.from(numbers as ArrayLike<number>);
  if (header.complex || codes.some((code, i) => code !== numbers[i])) {
    throw source.malformed(
      "level 4 text holds numbers that are no characters",
      header.dataStart,
    );
  }
  const { dataStart, shape } = header;
  return textArray(source, dataStart, shape, textOfUnits(codes));
}
