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
  const sizes = await list("filelist.txt", sizeOf);
  const sums = await list("checksums.md5", sumOf);
  return names.map((name) => ({
    name,
    url: new URL(`${base}/${name}?agent=1`),
    bytes: Number(listed(sizes, name)),
    md5: listed(sums, name).toLowerCase(),
  }));

  async function list(file: string, entryOf: EntryOf): Promise<List> {
    const url = new URL(`${base}/${file}`);
    const text = await retryingText(url, request, options);
    if (startsAsHtml(new TextEncoder().encode(text))) throw webPageError(url);
    const folder = `${new URL(base).pathname.split("/").at(-1)}/`;
    return { url, values: parsed(text, entryOf, folder) };
  }
}

interface List {
  readonly url: URL;
  readonly values: ReadonlyMap<string, string>;
}

/** Path and value of a line without blanks around it; null for another line. */
type EntryOf = (line: string) => readonly [path: string, value: string] | null;

/** "<path>\t<bytes> (<size>)"; a line without the bracket is cut short. */
function sizeOf(line: string): readonly [string, string] | null {
  const tab = line.indexOf("\t");
  const size = /^(\d+)\s+\([^)]*\)$/.exec(line.slice(tab + 1).trim())?.[1];
  return tab < 0 || size === undefined
    ? null
    : [line.slice(0, tab).trim(), size];
}

/** "<md5>  <path>", md5sum's own form. */
function sumOf(line: string): readonly [string, string] | null {
  const sum = /^[0-9a-f]{32}(?=\s)/i.exec(line)?.[0];
  return sum === undefined ? null : [line.slice(sum.length).trim(), sum];
}

function parsed(
  text: string,
  entryOf: EntryOf,
  folder: string,
): Map<string, string> {
  const entries = text.split("\n")
    .map((row) => row.trim())
    .filter((row) => !row.startsWith("#"))
    .map(entryOf)
    .filter((entry) => entry !== null);
  return new Map(entries.map(([path, value]) => {
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
