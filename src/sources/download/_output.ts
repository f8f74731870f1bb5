import { OutputError } from "../../errors.ts";

/**
 * Does something to a file and tells its failure as one of the place written to.
 *
 * @param act What is done, as it completes "Cannot ...".
 * @throws {OutputError} If it fails.
 */
export async function output<Value>(
  act: string,
  path: string,
  operation: () => Promise<Value>,
): Promise<Value> {
  try {
    return await operation();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = FULL.test(reason)
      ? "free space or choose another folder"
      : "choose another folder or let us write to this one";
    throw new OutputError(`Cannot ${act}: ${reason}; ${advice}`, {
      path,
      cause: error,
    });
  }
}

// The disk, a quota, a limit on files: Deno has no class, nor always a code.
const FULL = /no space|not enough space|quota|file too large/i;
