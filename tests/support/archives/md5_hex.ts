import { createHash } from "node:crypto";

/** MD5 of bytes in hex, as in lists of checksums. */
export function md5Hex(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
