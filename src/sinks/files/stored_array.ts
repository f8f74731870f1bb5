import type { ReadOptions } from "../../session.ts";
import type { ArrayRecord, RestHead } from "./array_record.ts";

/** An array of a file, or what no array was left to tell. */
export type Stored = ArrayRecord | { readonly head: RestHead };

/**
 * Reads the arrays of a file one after the other, a stimulus before the
 * responses to it.
 *
 * @throws {DataError} If the file is cut short or damaged.
 */
export type ArrayReader = (
  path: string,
  options?: ReadOptions,
) => AsyncGenerator<Stored>;
