import {
  CredentialError,
  DataNotFoundError,
  DownloadError,
} from "../../errors.ts";

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
