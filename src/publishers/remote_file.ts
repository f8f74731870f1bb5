/** File as its publisher lists it. */
export interface RemoteFile {
  /** Name, without folders. */
  readonly name: string;
  /** Address. */
  readonly url: URL;
  /** Length in bytes. */
  readonly bytes: number;
  /** MD5, 32 lower-case hex digits. */
  readonly md5: string;
}

/** Sends a request, and handles retries, cookies and redirects. */
export type Request = (url: URL, init: RequestInit) => Promise<Response>;
