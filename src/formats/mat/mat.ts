import { FormatError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
import { MatBytes, type MatOrigin } from "./_bytes.ts";
import { level5Variables } from "./_level5.ts";
import type { MatValue, MatVariable } from "./value.ts";

export type {
  MatCell,
  MatChar,
  MatClass,
  MatNumeric,
  MatStruct,
  MatUndecoded,
  MatValue,
  MatVariable,
  NumericArray,
  NumericClass,
} from "./value.ts";

const FILE_HEADER_BYTES = 128;
const VERSION_AT = 124;
const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const HDF5_AT = 512;
const MOST_LEVEL4_DIGITS = [4, 0, 5, 2];

/**
 * Checks the header of a file and finds its byte order.
 *
 * @throws {FormatError} If it is no MATLAB file.
 * @throws {UnsupportedError} If it is of level 4, or of version 7.3 (HDF5).
 */
function openMat(
  bytes: Uint8Array,
  origin: MatOrigin,
  limits: Limits,
): MatBytes {
  const place = { ...origin, offset: 0 };
  const file = new MatBytes(bytes, true, place, limits);
  if (hasHdf5At(bytes, 0)) throw version73Error(file);
  if (isLevel4(bytes)) throw level4Error(file);
  if (bytes.length < FILE_HEADER_BYTES) {
    throw file.malformed(
      `it is ${bytes.length} bytes long, less than a file header`,
      0,
    );
  }
  const littleEndian = isLittleEndian(file);
  const ordered = new MatBytes(bytes, littleEndian, place, limits);
  checkVersion(ordered);
  return ordered;
}

/**
 * Whether a file begins with a matrix of level 4: a number of the digits M
 * (machine), 0, P (number type), T (kind), where other levels have text.
 */
function isLevel4(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  return [true, false].some((littleEndian) => {
    const word = view.getInt32(0, littleEndian);
    const digits = [1000, 100, 10, 1].map((unit) =>
      Math.floor(word / unit) % 10
    );
    return word >= 0 && word < 5000 &&
      digits.every((digit, i) => digit <= (MOST_LEVEL4_DIGITS[i] ?? 0));
  });
}

function level4Error(file: MatBytes): Error {
  return file.unsupported(
    "it is of level 4 (-v4), expected v6 or v7; save it with -v7",
    0,
  );
}

function isLittleEndian(file: MatBytes): boolean {
  const mark = String.fromCharCode(
    ...file.bytes.subarray(VERSION_AT + 2, VERSION_AT + 4),
  );
  if (mark === "IM" || mark === "MI") return mark === "IM";
  if (hasHdf5At(file.bytes, HDF5_AT)) throw version73Error(file);
  throw file.malformed(
    'it has no byte order mark "IM" or "MI"',
    VERSION_AT + 2,
  );
}

function checkVersion(file: MatBytes): void {
  const [first, second] = file.bytes.subarray(VERSION_AT);
  const [major, minor] = file.littleEndian ? [second, first] : [first, second];
  if (major === 1) return;
  if (major === 2 || hasHdf5At(file.bytes, HDF5_AT)) throw version73Error(file);
  throw file.malformed(
    `it is of format version ${major}.${minor}, expected 1.0`,
    VERSION_AT,
  );
}

function hasHdf5At(bytes: Uint8Array, offset: number): boolean {
  return HDF5_SIGNATURE.every((byte, i) => bytes[offset + i] === byte);
}

function version73Error(file: MatBytes): Error {
  return file.unsupported(
    "it is of version 7.3 (HDF5), expected v6 or v7; " +
      "save it with -v7 or read it as HDF5",
    0,
  );
}

/** Options of {@linkcode listMatVariables}. */
export interface ListMatOptions {
  /** Path or address of the archive, as errors name it. */
  readonly archive?: string | undefined;
  /** Path of the file inside the archive, as errors name it. */
  readonly member?: string | undefined;
  /**
   * Most that the file may claim.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Limits;
}

/** Options of {@linkcode readMat}. */
export interface ReadMatOptions extends ListMatOptions {
  /**
   * Names of the variables to decode.
   *
   * @default every variable
   */
  readonly variables?: readonly string[];
}

/**
 * Lists the variables of a MATLAB file without decoding them: of a compressed
 * one no more than its header is inflated.
 *
 * Reads level 5 (v6, v7) in both byte orders. Objects and function handles are
 * named, not decoded; sparse matrices are listed, and refused when read.
 *
 * - Reference: "MAT-File Format", The MathWorks, R2019b; SciPy 1.10.1 decodes
 *   its corpus of MATLAB-written files to the same values.
 *
 * @param file Bytes of the file. They are kept in memory, and not written to.
 * @param options Names for errors, and the limits, which also hold for reads.
 * @returns Variables in the order of the file, repeated names included.
 * @throws {FormatError} If it is no MATLAB file, or a damaged one.
 * @throws {UnsupportedError} If it is of level 4, or of version 7.3 (HDF5).
 * @throws {LimitError} If it has more variables, or longer names, than the
 *   limits allow.
 */
export function listMatVariables(
  file: Uint8Array,
  options: ListMatOptions = {},
): readonly MatVariable[] {
  const { archive, member, limits = DEFAULT_LIMITS } = options;
  return level5Variables(openMat(file, { archive, member }, limits));
}

/**
 * Reads variables of a MATLAB file by name.
 *
 * Numbers are column-major and of the type in which they are stored: views of the
 * file's bytes if byte order and alignment allow.
 *
 * @param file Bytes of the file. They are kept in memory, and not written to.
 * @param options Variables to read, names for errors, and the limits.
 * @returns Values by name, in a record without a prototype.
 * @throws {FormatError} If the file is damaged, or a requested variable is
 *   missing or there twice.
 * @throws {UnsupportedError} If it is of level 4 or of version 7.3 (HDF5), or a
 *   variable is, or holds, a sparse matrix.
 * @throws {LimitError} If a variable claims more than the limits allow.
 */
export function readMat(
  file: Uint8Array,
  options: ReadMatOptions = {},
): Readonly<Record<string, MatValue>> {
  const { variables, archive, member } = options;
  const origin = { archive, member };
  const byName = variablesByName(listMatVariables(file, options));
  const result: Record<string, MatValue> = Object.create(null);
  for (const name of variables ?? byName.keys()) {
    result[name] = onlyVariable(byName, name, origin).read();
  }
  return result;
}

function variablesByName(
  variables: readonly MatVariable[],
): ReadonlyMap<string, readonly MatVariable[]> {
  const byName = new Map<string, MatVariable[]>();
  for (const variable of variables) {
    const namesakes = byName.get(variable.name);
    if (namesakes === undefined) byName.set(variable.name, [variable]);
    else namesakes.push(variable);
  }
  return byName;
}

function onlyVariable(
  byName: ReadonlyMap<string, readonly MatVariable[]>,
  name: string,
  origin: MatOrigin,
): MatVariable {
  const [variable, ...others] = byName.get(name) ?? [];
  if (variable === undefined) {
    const names = [...byName.keys()].join(", ");
    throw new FormatError(
      `Cannot read MAT file: it has no variable "${name}", only: ${names}`,
      origin,
    );
  }
  if (others.length > 0) {
    throw new FormatError(
      `Cannot read MAT file: it has ${others.length + 1} variables "${name}"`,
      origin,
    );
  }
  return variable;
}
