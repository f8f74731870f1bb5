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

/** Fault of a file that breaks the rules of HDF5. */
export function formatFault(why: string, member?: string): Fault {
  return faultOf("format", why, member);
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

function faultOf(
  kind: PlainFault["kind"],
  why: string,
  member?: string,
): Fault {
  const message = `Cannot read HDF5: ${why}`;
  return new Fault({ kind, message, ...(member !== undefined && { member }) });
}
