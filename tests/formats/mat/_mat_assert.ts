import { DataError } from "../../../src/errors.ts";
import {
  listMatVariables,
  type MatValue,
  readMat,
} from "../../../src/formats/mat/mat.ts";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../../support/assert.ts";
import {
  asFarAs,
  type MatReference,
  plain,
  plainVariable,
} from "./_mat_plain.ts";
import { itemAt } from "../../support/item_at.ts";

/**
 * Asserts that a file lists and reads as its reference says, or is refused: by
 * the reference, as level 4, or when a sparse matrix is read.
 */
export function assertReadsAs(
  file: Uint8Array,
  reference: MatReference,
): void {
  if (reference.refused !== undefined) {
    return void refusal(() => readMat(file));
  }
  if (isLevel4(file)) {
    const { message } = refusal(() => readMat(file));
    return assertStringIncludes(message, "it is of level 4 (-v4)");
  }
  const { listed = [], variables = {} } = reference;
  const before = file.slice();
  // Truth values are a flag here, a class in SciPy's list.
  const classless = (entry: unknown, i: number): unknown =>
    listed[i]?.[2] === "logical" ? (entry as unknown[]).slice(0, 2) : entry;
  const found = listMatVariables(file).map(plainVariable);
  assertEquals(found.map(classless), listed.map(classless));
  const names = listMatVariables(file).map(({ name }) => name);
  assertEquals(new Set(names), new Set(Object.keys(variables)));
  for (const [name, expected] of Object.entries(variables)) {
    const read = (): MatValue =>
      itemAt(readMat(file, { variables: [name] }), name);
    if (holdsSparse(expected)) {
      assertStringIncludes(refusal(read).message, "a matrix is sparse");
    } else assertEquals(asFarAs(plain(read()), expected), expected, name);
  }
  assertEquals(file, before, "the file was written to");
}

/** Other levels begin with text. */
function isLevel4(file: Uint8Array): boolean {
  return file.subarray(0, 4).includes(0);
}

/** Whether a reference is, or holds, a sparse matrix. */
function holdsSparse(reference: unknown): boolean {
  if (typeof reference !== "object" || reference === null) return false;
  const { type } = reference as { type?: unknown };
  return type === "sparse" || Object.values(reference).some(holdsSparse);
}

/** Error that refuses a file; anything else fails the test. */
export function refusal(read: () => unknown): DataError {
  try {
    read();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Asserts that a value is numeric and returns its numbers. */
export function numbersOf(value: MatValue): Iterable<number | bigint> {
  assert(value.type === "numeric", `it is of type ${value.type}`);
  return value.data;
}
