import { DataError, DataNotFoundError, DownloadError } from "../../errors.ts";
import type { FailureKind } from "../protocol.ts";

/** Kind of a failure, by what a user can do about it. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof DataNotFoundError) return "wrong";
  if (error instanceof DownloadError) return "network";
  return error instanceof DataError ? "damaged" : "other";
}
