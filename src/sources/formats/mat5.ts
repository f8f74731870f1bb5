import { FormatError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { MatOrigin } from "./_mat_bytes.ts";
import { level4Variables } from "./_mat_level4.ts";
import { level5Variables } from "./_mat_level5.ts";
import { openMat } from "./_mat_open.ts";
import type { MatValue, MatVariable } from "./mat_value.ts";

export type {
  MatCell,
  MatChar,
  MatClass,
  MatNumeric,
  MatSparse,
  MatStruct,
  MatUndecoded,
  MatValue,
  MatVariable,
  NumericArray,
  NumericClass,
} from "./mat_value.ts";

/** Options of {@linkcode listMatVariables}. */
export interface ListMatOptions {
  /** Path or address of the archive, as errors name it. */
  readonly archive?: string;
  /** Path of the file inside the archive, as errors name it. */
  readonly member?: string;
  /**
   * The most that the file may claim.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Limits;
}

/** Options of {@linkcode readMat}. */
export interface ReadMatOptions extends ListMatOptions {
  /**
   * Names of the variables to decode; the others stay untouched.
   *
   * @default every variable
   */
  readonly variables?: readonly string[];
}

/**
 * Lists the variables of a MATLAB file without decoding them: of a compressed
 * one no more than its header is inflated.
 *
 * Reads level 4 and level 5 (v6, v7) in both byte orders. Objects and function
 * handles are named, not decoded.
 *
 * - Reference: "MAT-File Format", The MathWorks, R2019b; SciPy 1.10.1 decodes
 *   its corpus of MATLAB-written files to the same values.
 *
 * @param file The file's bytes. They are kept, and not written to.
 * @param options What errors name, and the limits: they hold for what is
 * decoded later, too.
 * @returns The variables in the order of the file, equal names included.
 * @throws {FormatError} If it is no MATLAB file, or a damaged one.
 * @throws {UnsupportedError} If it is of version 7.3 (HDF5), or of a VAX.
 * @throws {LimitError} If it has more variables, or longer names, than the
 *   limits allow.
 */
export function listMatVariables(
  file: Uint8Array,
  options: ListMatOptions = {},
): readonly MatVariable[] {
  const { archive, member, limits = DEFAULT_LIMITS } = options;
  const opened = openMat(file, { archive, member }, limits);
  return opened.level === 4
    ? level4Variables(opened.file)
    : level5Variables(opened.file);
}

/**
 * Reads variables of a MATLAB file by name.
 *
 * Numbers come column-major and in the type in which they are stored, as views
 * of the file's bytes where byte order and alignment allow.
 *
 * @param file The file's bytes. They are kept, and not written to.
 * @param options Which variables, what errors name, and the limits.
 * @returns The values by name, in a record without a prototype.
 * @throws {FormatError} If the file is damaged, or a variable that was asked
 *   for is not there or there twice.
 * @throws {UnsupportedError} If it is of version 7.3 (HDF5), or of a VAX.
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
