import { OutputError } from "../../errors.ts";
import { hasName } from "../../_has_name.ts";

/**
 * Takes a file's name for this process alone until it is closed; makes the file
 * where there is none.
 *
 * The one who has it may remove the file before closing it: whoever had it open
 * by then holds a file without a name, and tries again.
 *
 * @throws {OutputError} If another process has it.
 */
export async function lockPath(path: string): Promise<Deno.FsFile> {
  for (;;) {
    refuseLink(path);
    const options = { read: true, write: true, create: true };
    const file = await Deno.open(path, options);
    try {
      if (!await file.tryLock(true)) {
        throw new OutputError("Cannot write file: another process writes it", {
          path,
        });
      }
      if (await hasName(file, path)) return file;
      file.close();
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

/** What it leads to would be cut to nothing. */
function refuseLink(path: string): void {
  if (!statOf(path)?.isSymlink) return;
  throw new OutputError("Cannot write file: it is a link, expected none", {
    path,
  });
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
