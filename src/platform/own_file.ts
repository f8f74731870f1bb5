import { OutputError } from "../errors.ts";
import {
  type FileInfo,
  isAlreadyThere,
  isNotFound,
  lstatSync,
  open,
  type OpenFile,
} from "./files.ts";

/**
 * Opens a file for reading and writing, and creates it if needed: never through
 * a link, which would overwrite another file, and never a device or a pipe.
 *
 * @throws {OutputError} If something else than a file is at the path.
 */
export async function openOwnFile(path: string): Promise<OpenFile> {
  for (;;) {
    const found = infoOf(path);
    if (found !== undefined) refuseOther(path, found);
    const file = await opened(path, found === undefined);
    if (file === null) continue;
    if (isAt(file, path)) return file;
    file.close();
  }
}

/** Whether an open file is the one at a path, itself and not by a link. */
export function isAt(file: OpenFile, path: string): boolean {
  const [named, own] = [infoOf(path), file.statSync()];
  return named !== undefined && named.ino === own.ino && named.dev === own.dev;
}

/** Null if the file has come or gone meanwhile. */
async function opened(path: string, isNew: boolean): Promise<OpenFile | null> {
  try {
    return await open(path, { read: true, write: true, createNew: isNew });
  } catch (error) {
    const isOther = isNew ? isAlreadyThere(error) : isNotFound(error);
    if (isOther) return null;
    throw error;
  }
}

function refuseOther(path: string, { isFile, isSymlink }: FileInfo): void {
  if (isFile) return;
  const kind = isSymlink ? "a link" : "no file";
  throw new OutputError(`Cannot write file: it is ${kind}, expected a file`, {
    path,
  });
}

function infoOf(path: string): FileInfo | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
