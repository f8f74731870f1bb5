import { DownloadError } from "../errors.ts";
import { startsAsHtml, webPageError } from "../http/answer.ts";
import { retryingText, type RetryingTextOptions } from "../http/body.ts";
import type { RemoteFile, Request } from "./remote_file.ts";

/**
 * Lists files of a CRCNS data set, with the sizes of its `filelist.txt` and the
 * sums of its `checksums.md5`.
 *
 * @param base Address of the data set, without a slash at its end.
 * @param names Files wanted.
 * @throws {DownloadError} If a list does not have all of them.
 */
export async function crcnsFiles(
  request: Request,
  base: string,
  names: readonly string[],
  options: RetryingTextOptions,
): Promise<RemoteFile[]> {
  const sizes = await list("filelist.txt", SIZE_LINE);
  const sums = await list("checksums.md5", SUM_LINE);
  return names.map((name) => ({
    name,
    url: new URL(`${base}/${name}?agent=1`),
    bytes: Number(listed(sizes, name)),
    md5: listed(sums, name).toLowerCase(),
  }));

  async function list(file: string, line: RegExp): Promise<List> {
    const url = new URL(`${base}/${file}`);
    const text = await retryingText(url, request, options);
    if (startsAsHtml(new TextEncoder().encode(text))) throw webPageError(url);
    const folder = `${new URL(base).pathname.split("/").at(-1)}/`;
    return { url, values: parsed(text, line, folder) };
  }
}

interface List {
  readonly url: URL;
  readonly values: ReadonlyMap<string, string>;
}

// " <path>\t<bytes> (<size>)": a line without the bracket is cut short.
const SIZE_LINE = /^\s*(?<path>[^\t]+?)\s*\t\s*(?<value>\d+)\s+\([^)]*\)\s*$/;
// "<md5>  <path>", md5sum's own form.
const SUM_LINE = /^(?<value>[0-9a-f]{32})\s+(?<path>\S.*?)\s*$/i;

function parsed(
  text: string,
  line: RegExp,
  folder: string,
): Map<string, string> {
  const matches = text.split("\n")
    .filter((row) => !row.trimStart().startsWith("#"))
    .map((row) => line.exec(row)?.groups)
    .filter((groups) => groups !== undefined);
  return new Map(matches.map(({ path = "", value = "" }) => {
    const plain = path.replace(/^\*/, "").replace(/^\.?\//, "");
    const own = plain.startsWith(folder) ? plain.slice(folder.length) : plain;
    return [own, value];
  }));
}

function listed({ url, values }: List, name: string): string {
  const value = values.get(name);
  if (value !== undefined) return value;
  throw new DownloadError(
    `Cannot download: the list of files has no whole line for "${name}", ` +
      `without which it cannot be checked; try again later`,
    { archive: url.href },
  );
}
