import { join } from "../_path.ts";
import { UnsupportedError } from "../errors.ts";
import { dataFolder } from "./data_folder.ts";

/**
 * The path that a source's `data` names: itself, or where nothing is named the
 * folder in an environment variable, or the data set's cache folder.
 */
export function dataPath(
  data: string | URL | undefined,
  dataset: string,
  variable: string,
): string {
  if (data === undefined) return Deno.env.get(variable) || dataFolder(dataset);
  const text = String(data);
  if (text.startsWith("file:")) {
    return decodeURIComponent(new URL(text).pathname);
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    throw new UnsupportedError(
      "Cannot stream from an address yet: download the archive first",
      { archive: text },
    );
  }
  return /^~[/\\]/.test(text)
    ? join(Deno.env.get("HOME") ?? ".", text.slice(2))
    : text;
}

/** Refuses a `data` that is neither a path nor a URL. */
export function checkData(act: string, data: unknown): void {
  if (data === undefined || typeof data === "string" || data instanceof URL) {
    return;
  }
  throw new TypeError(
    `Cannot ${act}: data is ${String(data)}, expected a path or a URL`,
  );
}
