import { OutputError } from "../../errors.ts";
import type { FileFormat } from "./file_format.ts";

const OF_DENO: ReadonlySet<unknown> = new Set(Object.values(Deno.errors));

/** Faults of the disk get a name; what is somebody else's stays as it is. */
export function outputError(
  error: unknown,
  { name }: FileFormat,
  path: string,
): unknown {
  if (!(error instanceof Error) || !isOfDisk(error)) return error;
  return new OutputError(`Cannot write ${name}: ${error.message}`, {
    path,
    cause: error,
  });
}

/** Deno's own classes, or Node's codes: some have both. */
function isOfDisk(error: Error & { code?: unknown }): boolean {
  return typeof error.code === "string" || OF_DENO.has(error.constructor);
}
