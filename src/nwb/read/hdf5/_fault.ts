import { type Limits, limitText } from "../../../base/limits.ts";
import type { PlainFault } from "./_messages.ts";

/** Fault of the data that the worker has found. */
export class Fault extends Error {
  readonly plain: PlainFault;

  constructor(plain: PlainFault) {
    super(plain.message);
    this.plain = plain;
  }
}

/** Fault of a file that breaks the rules of HDF5, or lacks an object. */
export function formatFault(why: string, member?: string): Fault {
  return faultOf("format", why, member);
}

/** The fault, with the state in which it leaves the library. */
export function faultAfter(
  { plain }: Fault,
  after: PlainFault["after"],
): Fault {
  return new Fault({ ...plain, after });
}

/** Fault of a file that holds what this reader does not decode. */
export function unsupportedFault(why: string, member?: string): Fault {
  return faultOf("unsupported", why, member);
}

/** Fault of a file that claims more than a limit allows. */
export function limitFault(
  why: string,
  limits: Limits,
  name: keyof Limits,
  member?: string,
): Fault {
  return faultOf("limit", `${why}: ${limitText(limits, name)}`, member);
}

/**
 * Fault of an object that another file holds.
 *
 * @param path Path where the library looks for that file: below the root, first.
 */
export function otherFileFault(path: string, member?: string): Fault {
  const other = JSON.stringify(path.replace(/^\/+/, ""));
  const why = `it is stored in another file, ${other}, which is not read`;
  return unsupportedFault(why, member);
}

/** Fault of a file that is another one than was opened. */
export function changedFault(): Fault {
  return faultOf("archive", "it has changed since it was opened");
}

function faultOf(
  kind: PlainFault["kind"],
  why: string,
  member?: string,
): Fault {
  const message = `Cannot read HDF5: ${why}`;
  const place = member === undefined ? {} : { member };
  return new Fault({ kind, message, ...place, after: "open" });
}
