import { UnsupportedError } from "../errors.ts";

/** Hash of bytes that arrive in pieces. */
export interface StreamingHash {
  /** Adds the next piece. */
  update(bytes: Uint8Array): void;
  /** Digest in lower-case hexadecimal digits; ends the hash. */
  hex(): string;
}

/** Starts an MD5 (RFC 1321), the sum that CRCNS and Zenodo publish. */
export function md5Hash(): StreamingHash {
  return started("md5");
}

/** Starts a SHA-256 (FIPS 180-4). */
export function sha256Hash(): StreamingHash {
  return started("sha256");
}

function started(name: "md5" | "sha256"): StreamingHash {
  const crypto = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (!crypto) {
    throw new UnsupportedError(
      `Cannot compute ${name.toUpperCase()} here: there is no node:crypto, ` +
        "expected Deno",
    );
  }
  const hash = crypto.createHash(name);
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => hash.digest("hex"),
  };
}
