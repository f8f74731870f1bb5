import { DataError, LimitError, RecordingError } from "../errors.ts";
import type { MemberPlace } from "./archive/archive.ts";
import type { SourceWarnings } from "./_source_warnings.ts";

/**
 * What a member decodes to; null, with a warning, where it is not what its
 * format demands.
 *
 * @throws {RecordingError} If it decodes to a recording that cannot be.
 * @throws {LimitError} If it claims more than the caller's limits allow.
 */
export function unlessUndecodable<Value>(
  warnings: SourceWarnings,
  place: MemberPlace,
  decode: () => Value,
): Value | null {
  try {
    return decode();
  } catch (cause) {
    if (
      !(cause instanceof DataError) || cause instanceof RecordingError ||
      cause instanceof LimitError
    ) throw cause;
    warnings.warn("undecodable", place, cause.message, { cause });
    return null;
  }
}
