import {
  CredentialError,
  type DataError,
  DataNotFoundError,
  DownloadError,
} from "../errors.ts";

/** Whether the headers of an answer announce a web page. */
export function isHtml({ headers }: Response): boolean {
  return /^(text\/html|application\/xhtml)/i.test(
    headers.get("content-type") ?? "",
  );
}

/** Whether a file begins as a web page does. */
export function startsAsHtml(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 256));
  return /^\s*<(!doctype\s+html|html|head|body)\b/i.test(text);
}

/** Error for a web page in the place of a file. */
export function webPageError(url: URL): DownloadError {
  return new DownloadError(
    "Cannot download: a web page comes in the place of the file, open the " +
      "address in a browser to read what it says",
    { archive: url.href },
  );
}

/** Activity that a status ends, as it completes "Cannot ...". */
export type HttpAct = "download" | "read file";

const MISSING_ADVICE: Readonly<Record<HttpAct, string>> = {
  "download": "look for a newer rxephys or on the data set's page",
  "read file": "check the address",
};
const REFUSED_ADVICE: Readonly<Record<HttpAct, string>> = {
  "download": "check in a browser that your account may have it",
  "read file": "expected an address that needs no account",
};

/**
 * Error for a status that ends an activity: `DataNotFoundError` for 404 and 410,
 * `CredentialError` for 401 and 403, else `DownloadError`.
 *
 * @param expected Status codes that the activity can use.
 */
export function statusError(
  act: HttpAct,
  { href: archive }: URL,
  status: number,
  expected: readonly number[],
): DataError {
  if (status === 404 || status === 410) {
    const why = `nothing is at the address (${status})`;
    const text = `Cannot ${act}: ${why}, ${MISSING_ADVICE[act]}`;
    return new DataNotFoundError(text, { archive });
  }
  if (status === 401 || status === 403) {
    const why = `the server refuses access (${status})`;
    const text = `Cannot ${act}: ${why}, ${REFUSED_ADVICE[act]}`;
    return new CredentialError(text, { archive });
  }
  const codes = expected.join(" or ");
  return new DownloadError(
    `Cannot ${act}: the server answers ${status}, expected ${codes}; try ` +
      "again later",
    { archive },
  );
}

/**
 * Refuses an answer of another status than expected, and cancels its body.
 *
 * @param url Address that errors name.
 * @param expected Status codes that pass.
 * @throws {DataError} As {@linkcode statusError} makes it for a download.
 */
export async function checkStatus(
  url: URL,
  response: Response,
  expected: readonly number[],
): Promise<void> {
  const { status } = response;
  if (expected.includes(status)) return;
  await response.body?.cancel();
  throw statusError("download", url, status, expected);
}
