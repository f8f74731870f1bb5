import { DataNotFoundError, DownloadError } from "../errors.ts";
import { retryingText, type RetryingTextOptions } from "../http/body.ts";
import type { RemoteFile, Request } from "./remote_file.ts";

/**
 * Lists files of a Zenodo record by its API.
 *
 * @param record Address of the record in the API, without a slash at its end.
 * @param names Files wanted.
 * @throws {DataNotFoundError} If the record does not have one of them.
 * @throws {DownloadError} If the answer is not such a list.
 */
export async function zenodoFiles(
  request: Request,
  record: string,
  names: readonly string[],
  options: RetryingTextOptions,
): Promise<RemoteFile[]> {
  const url = new URL(record);
  const listed = parsed(await retryingText(url, request, options), url);
  return names.map((name) => {
    const file = listed.find(({ key }) => key === name);
    if (file === undefined) {
      throw new DataNotFoundError(
        `Cannot download: the record has no "${name}", look for a newer rxephys`,
        { archive: record },
      );
    }
    const address = `${record}/files/${encodeURIComponent(name)}/content`;
    return { name, url: new URL(address), ...sizeAndSum(file, url) };
  });
}

interface ZenodoFile {
  readonly key?: unknown;
  readonly size?: unknown;
  readonly checksum?: unknown;
}

function parsed(text: string, url: URL): readonly ZenodoFile[] {
  const answer = jsonOrNull(text);
  const files = answer instanceof Object && "files" in answer
    ? answer.files
    : null;
  const isList = Array.isArray(files) &&
    files.every((file) => file instanceof Object);
  if (isList) return files;
  throw listError("it names no files", url);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function sizeAndSum(
  { key, size, checksum }: ZenodoFile,
  url: URL,
): { bytes: number; md5: string } {
  const text = typeof checksum === "string" ? checksum : "";
  const md5 = /^md5:([0-9a-f]{32})$/i.exec(text)?.[1];
  if (Number.isSafeInteger(size) && Number(size) >= 0 && md5) {
    return { bytes: Number(size), md5: md5.toLowerCase() };
  }
  throw listError(`size or md5 of "${key}" is missing`, url);
}

function listError(why: string, url: URL): DownloadError {
  return new DownloadError(
    `Cannot download: the record's list of files cannot be used, ${why}; try ` +
      `again later`,
    { archive: url.href },
  );
}
