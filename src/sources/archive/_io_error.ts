import {
  ArchiveError,
  DataError,
  type DataErrorPlace,
  DataNotFoundError,
} from "../../errors.ts";

const OUT_OF_REACH = [
  Deno.errors.NotFound,
  Deno.errors.NotADirectory,
  Deno.errors.PermissionDenied,
  Deno.errors.NotCapable,
];

/**
 * What a failed file operation means to whoever asked for the data.
 *
 * @param act What could not be done, as it completes "Cannot ...".
 * @param error What the operation threw.
 * @param place Where the operation was.
 * @returns The error to throw; mistakes in the call and errors that name their
 * place already come back as they are.
 */
export function ioError(
  act: string,
  error: unknown,
  place: DataErrorPlace,
): unknown {
  if (error instanceof DataError || error instanceof TypeError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const FaultClass = OUT_OF_REACH.some((known) => error instanceof known)
    ? DataNotFoundError
    : ArchiveError;
  return new FaultClass(`Cannot ${act}: ${reason}`, { ...place, cause: error });
}
