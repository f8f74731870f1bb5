/** A file as its publisher lists it. */
export interface RemoteFile {
  /** Its name, without folders. */
  readonly name: string;
  /** Where it is. */
  readonly url: URL;
  /** Its length. */
  readonly bytes: number;
  /** Its MD5, 32 small hex digits. */
  readonly md5: string;
}

/** Sends a request; tries, cookies and redirects are its own affair. */
export type Request = (url: URL, init: RequestInit) => Promise<Response>;
