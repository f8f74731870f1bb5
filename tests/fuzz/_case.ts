import fc from "fast-check";
import { DataError } from "../../src/errors.ts";
import type { FuzzReader } from "./readers.ts";
import { itemAt } from "../support/item_at.ts";

/** File of one case, determined by seed and number. */
export function inputOf(
  { inputs }: FuzzReader,
  seed: number,
  number: number,
): Uint8Array {
  // Consecutive seeds share no cases.
  const own = Math.imul(seed, 0x9e3779b1) + number | 0;
  return itemAt(fc.sample(inputs, { seed: own, numRuns: 1 }), 0);
}

/**
 * Reads a file.
 *
 * @returns Whether it gave a value; false for an error of the data.
 * @throws {Error} If the rule is broken: any other error, or something left open.
 */
export async function isRead(
  reader: FuzzReader,
  bytes: Uint8Array,
): Promise<boolean> {
  try {
    await reader.read(bytes);
    return true;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return false;
  }
}
