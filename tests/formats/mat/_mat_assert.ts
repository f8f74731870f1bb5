import { DataError } from "../../../src/errors.ts";
import {
  listMatVariables,
  type MatValue,
  readMat,
} from "../../../src/formats/mat/mat.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import {
  asFarAs,
  type MatReference,
  plain,
  plainVariable,
} from "./_mat_plain.ts";

/** Asserts that a file lists and reads as its reference says. */
export function assertReadsAs(
  file: Uint8Array,
  reference: MatReference,
): void {
  const { listed = [], variables = {} } = reference;
  const before = file.slice();
  // Truth values are a flag here, a class in SciPy's list.
  const classless = (entry: unknown, i: number): unknown =>
    listed[i]?.[2] === "logical" ? (entry as unknown[]).slice(0, 2) : entry;
  const found = listMatVariables(file).map(plainVariable);
  assertEquals(found.map(classless), listed.map(classless));
  const values = readMat(file);
  assertEquals(new Set(Object.keys(values)), new Set(Object.keys(variables)));
  for (const [name, expected] of Object.entries(variables)) {
    assertEquals(asFarAs(plain(values[name]), expected), expected, name);
  }
  assertEquals(file, before, "the file was written to");
}

/** The fault with which a file is refused; anything else fails the test. */
export function refusal(read: () => unknown): DataError {
  try {
    read();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Asserts that a value is numeric and gives its numbers. */
export function numbersOf(value: MatValue): Iterable<number | bigint> {
  assert(value.type === "numeric", `it is of type ${value.type}`);
  return value.data;
}
