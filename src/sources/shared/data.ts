import { namedPath } from "../../publishers/data_path.ts";
import { isAddress } from "../../http/address.ts";

/** File of a release: a path, an address, or the file itself. */
export type DataFile = string | URL | Blob;

/** Path or address of a file as {@linkcode namedPath} gives it; a blob as is. */
export function namedFile(file: DataFile): string | Blob {
  return file instanceof Blob ? file : namedPath(file);
}

/**
 * Refuses a `data` that names no file; none at all is fine.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param data Value of the option.
 * @param name Name of the option.
 * @throws {TypeError} If it is of another type, or starts as a URL and is none.
 * @throws {RangeError} If it holds a user name or a password, which would end up
 * in other servers, logs and threads.
 */
export function checkDataFile(
  act: string,
  data: unknown,
  name: string = "data",
): void {
  if (data === undefined || data instanceof Blob) return;
  if (typeof data !== "string" && !(data instanceof URL)) {
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(data)}, expected a path, a URL, a ` +
        "File or a Blob",
    );
  }
  const text = String(data);
  if (!isAddress(text)) return;
  if (!URL.canParse(text)) {
    throw new TypeError(`Cannot ${act}: ${name} is ${text}, expected a URL`);
  }
  const { username, password } = new URL(text);
  if (username === "" && password === "") return;
  throw new RangeError(
    `Cannot ${act}: ${name} holds a user name or a password, expected an ` +
      "address without",
  );
}
