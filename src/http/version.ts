/** Headers by which a server names a version of a file. */
export interface FileVersion {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** Version of which nothing is known. */
export const UNKNOWN_VERSION: FileVersion = { etag: null, lastModified: null };

/** Version that the headers of an answer name. */
export function versionOf(headers: Headers): FileVersion {
  return {
    etag: headers.get("etag"),
    lastModified: headers.get("last-modified"),
  };
}

/**
 * Whether two versions may be one. Tags that differ say no, and so do dates that
 * differ unless both tags are strong: equal weak tags leave single bytes open
 * (RFC 9110, 8.8.1). Without either, length and checksum have to decide.
 */
export function isSameVersion(a: FileVersion, b: FileVersion): boolean {
  if (a.etag !== null && b.etag !== null) {
    if (opaque(a.etag) !== opaque(b.etag)) return false;
    if (isStrong(a.etag) && isStrong(b.etag)) return true;
  }
  return a.lastModified === null || b.lastModified === null ||
    a.lastModified === b.lastModified;
}

/** Value of `If-Range`; null if the version has none that is allowed there. */
export function ifRange({ etag, lastModified }: FileVersion): string | null {
  return etag !== null && isStrong(etag) ? etag : lastModified;
}

function isStrong(etag: string): boolean {
  return !etag.startsWith("W/");
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, "");
}
