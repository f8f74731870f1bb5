import type { Validators } from "./part_file.ts";

/** The version that an answer says it is of. */
export function versionOf(response?: Response): Validators {
  return {
    etag: response?.headers.get("etag") ?? null,
    lastModified: response?.headers.get("last-modified") ?? null,
  };
}

/**
 * Whether two versions may be one: their strong tags agree, or where there are
 * none their dates. Without either the MD5 at the end has to tell.
 */
export function isSameVersion(a: Validators, b: Validators): boolean {
  const tags = [strong(a.etag), strong(b.etag)];
  if (tags.every((tag) => tag !== null)) return tags[0] === tags[1];
  const isDated = a.lastModified !== null && b.lastModified !== null;
  return !isDated || a.lastModified === b.lastModified;
}

/** Headers that ask for a file from a byte on, if it is the same version. */
export function rangeHeaders(
  from: number,
  { etag, lastModified }: Validators,
): Record<string, string> {
  // Else Deno asks for gzip, of which no byte can be counted.
  const plain = { "accept-encoding": "identity" };
  if (from === 0) return plain;
  const range = { ...plain, range: `bytes=${from}-` };
  const version = strong(etag) ?? lastModified;
  return version === null ? range : { ...range, "if-range": version };
}

/** RFC 9110, 8.8.1: a weak tag tells nothing of single bytes. */
function strong(etag: string | null): string | null {
  return etag?.startsWith("W/") ? null : etag;
}
