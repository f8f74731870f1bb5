import { DownloadError } from "../../errors.ts";

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
export function pageForFile(url: URL): DownloadError {
  return new DownloadError(
    "Cannot download: a web page comes in the place of the file, open the " +
      "address in a browser to read what it says",
    { archive: url.href },
  );
}
