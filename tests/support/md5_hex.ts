import { createHash } from "node:crypto";

/** The MD5 of some bytes, as lists have it. */
export function md5Hex(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
