import {
  CredentialError,
  DataNotFoundError,
  DownloadError,
} from "../errors.ts";

/** Whether an answer says that it is a web page. */
export function isHtml({ headers }: Response): boolean {
  return /^(text\/html|application\/xhtml)/i.test(
    headers.get("content-type") ?? "",
  );
}

/** Whether a file starts as a web page does. */
export function startsAsHtml(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 256));
  return /^\s*<(!doctype\s+html|html|head|body)\b/i.test(text);
}

/** What a web page in the place of a file is told as. */
export function webPageError(url: URL): DownloadError {
  return new DownloadError(
    "Cannot download: a web page comes in the place of the file, open the " +
      "address in a browser to read what it says",
    { archive: url.href },
  );
}

/**
 * Refuses an answer that is not what was asked for, and lets go of its body.
 *
 * @param url What was asked for, as errors name it.
 * @param expected Status codes that are right.
 * @throws {DataNotFoundError} If there is nothing (404, 410).
 * @throws {CredentialError} If it may not be had (401, 403).
 * @throws {DownloadError} If the status is another one.
 */
export async function checkStatus(
  url: URL,
  response: Response,
  expected: readonly number[],
): Promise<void> {
  const { status } = response;
  if (expected.includes(status)) return;
  await response.body?.cancel();
  const place = { archive: url.href };
  if (status === 404 || status === 410) {
    throw new DataNotFoundError(
      `Cannot download: nothing is at the address any more (${status}), look ` +
        `for a newer rxephys or on the data set's page`,
      place,
    );
  }
  if (status === 401 || status === 403) {
    throw new CredentialError(
      `Cannot download: the server does not let us (${status}), look in a ` +
        `browser whether the account may`,
      place,
    );
  }
  throw new DownloadError(
    `Cannot download: the server answers ${status}, expected ${
      expected.join(" or ")
    }; try again later`,
    place,
  );
}
