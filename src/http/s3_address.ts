/** Object, or prefix of objects, in an S3-compatible store. */
export interface S3Address {
  readonly bucket: string;
  /** Key or prefix without a leading slash; may be empty. */
  readonly key: string;
}

/**
 * Bucket and key of an address `s3://bucket/key`; undefined if it has none. Escapes
 * stand for what they encode: `%20` is a space, `%25` a percent sign.
 */
export function s3Address({ host, pathname }: URL): S3Address | undefined {
  if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i.test(host)) return undefined;
  try {
    return { bucket: host, key: decodeURIComponent(pathname.slice(1)) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Escapes all but letters, digits, `-`, `.`, `_`, `~` and `/` (RFC 3986). */
export function encodedPath(key: string): string {
  return encodeURIComponent(key).replace(/%2F/g, "/").replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
