import { createHash } from "node:crypto";
import type {
  MatValue,
  MatVariable,
  NumericArray,
} from "../../../src/formats/mat/mat.ts";
import { itemAt } from "../../support/item_at.ts";

/** File as `dump_mat.py` and `make_mat.py` describe it. */
export interface MatReference {
  readonly sha256?: string;
  /** Error that must refuse the file. */
  readonly refused?: string;
  /** Name, shape and class of each variable. */
  readonly listed?: readonly [string, readonly number[], string][];
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** References by file name, of `expected.json` or `scipy_corpus.json`. */
export function readReferences(path: URL): Map<string, MatReference> {
  const { files } = JSON.parse(Deno.readTextFileSync(path));
  return new Map(Object.entries<MatReference>(files));
}

/** A value in the form of `dump_mat.py`. */
export function plain(value: MatValue): unknown {
  switch (value.type) {
    case "cell":
      return { ...value, elements: value.elements.map(plain) };
    case "struct":
      return {
        ...value,
        elements: value.elements.map((element) =>
          value.fields.map((field) => plain(itemAt(element, field)))
        ),
      };
    case "numeric":
      return {
        ...value,
        stored: storedType(value.data),
        ...plainParts(value),
      };
    default:
      return value;
  }
}

/** Name, shape and class, as SciPy's `whosmat` gives them. */
export function plainVariable(variable: MatVariable): unknown {
  return [variable.name, variable.shape, variable.class];
}

/** Keeps the fields that the reference has. */
export function asFarAs(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((one, i) =>
      i < expected.length ? asFarAs(one, expected[i]) : one
    );
  }
  if (!isRecord(actual) || !isRecord(expected)) return actual;
  const kept = Object.keys(expected)
    .filter((key) => Object.hasOwn(actual, key))
    .map((key) => [key, asFarAs(actual[key], expected[key])]);
  return Object.fromEntries(kept);
}

function plainParts(
  { data, imaginary }: { data: NumericArray; imaginary?: NumericArray },
): Record<string, unknown> {
  const real = { data: plainNumbers(data) };
  return imaginary ? { ...real, imaginary: plainNumbers(imaginary) } : real;
}

function plainNumbers(numbers: NumericArray): unknown {
  if (numbers.length <= 256) return Array.from(numbers, plainNumber);
  const { buffer, byteOffset, byteLength } = numbers;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return { sha256: createHash("sha256").update(bytes).digest("hex") };
}

function plainNumber(number: number | bigint): number | string {
  if (typeof number === "bigint") return String(number);
  if (Object.is(number, -0)) return "-0";
  return Number.isFinite(number) ? number : String(number);
}

function storedType(numbers: NumericArray): string {
  return numbers.constructor.name.replace(/Big|Array/g, "").toLowerCase();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
