import { OutputError } from "../errors.ts";
import { tryLockFile } from "../base/lock.ts";
import { PartFile, partPath } from "../base/part_file.ts";
import {
  isFile,
  isFileError,
  makeFolder,
  open,
  type OpenFile,
  renameSync,
  statIfThere,
} from "../platform/files.ts";
import { crc32 } from "../platform/zlib.ts";
import type { Session } from "../session.ts";
import { optionDifference } from "../stream/fingerprint.ts";
import {
  checkEarlier,
  Journal,
  type JournalEntry,
  journalKind,
} from "../sinks/files/journal.ts";
import { damagedError, type Extent } from "../sinks/files/append_file.ts";
import { inTheWayError } from "../sinks/files/part_files.ts";
import { fieldsOf, type FullDescription } from "./description.ts";

/** Name of the list of finished sessions in the folder. */
const JOURNAL = "rxephys-nwb.journal";
const ACT = "write NWB";
const PIECE = 1 << 20;

/** Options of {@linkcode NwbFolder.open}. */
export interface NwbFolderOptions {
  readonly overwrite: boolean;
  readonly resume: boolean;
  /** Options that change the content of files; a resumed run has the same. */
  readonly kind: string;
}

/** Folder of NWB files: one a session, each under its name once it is whole. */
export class NwbFolder implements Disposable {
  readonly path: string;
  readonly #lock: OpenFile;
  readonly #journal: Journal;
  readonly #overwrite: boolean;
  readonly #names = new Set<string>();

  private constructor(
    path: string,
    lock: OpenFile,
    journal: Journal,
    overwrite: boolean,
  ) {
    this.path = path;
    this.#lock = lock;
    this.#journal = journal;
    this.#overwrite = overwrite;
  }

  /**
   * Opens a folder, which is made if needed.
   *
   * @throws {OutputError} If another process writes to it, its journal is of
   * another kind, or a file is not as its journal says.
   */
  static async open(
    path: string,
    { overwrite, resume, kind }: NwbFolderOptions,
  ): Promise<NwbFolder> {
    await makeFolder(path);
    const file = `${path}/${JOURNAL}`;
    const lock = await tryLockFile(file);
    if (lock === null) {
      throw new OutputError(`Cannot ${ACT}: another process writes it`, {
        path,
      });
    }
    try {
      const found = await journalKind(file);
      if (found === "other") throw inTheWayError(ACT, file);
      const isBegun = resume && found === "journal";
      const journal = await Journal.open(file, kind, isBegun);
      for (const { mark } of journal.earlier) {
        for (const [name, extent] of Object.entries(mark.files)) {
          await checkWritten(`${path}/${name}`, extent);
        }
      }
      return new NwbFolder(path, lock, journal, overwrite);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Sessions that earlier runs have written. */
  get earlier(): readonly JournalEntry[] {
    return this.#journal.earlier;
  }

  /** Path of the file of a session, which no other session of the run has. */
  pathOf({ id }: Session): string {
    const name = id.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_");
    for (let number = 1;; number++) {
      const unique = number === 1 ? name : `${name}-${number}`;
      if (this.#names.has(unique)) continue;
      this.#names.add(unique);
      return `${this.path}/${unique}.nwb`;
    }
  }

  /**
   * Starts the file of a session.
   *
   * @throws {OutputError} If it exists and may not be overwritten.
   */
  async begin(session: Session): Promise<PartFile> {
    const path = this.pathOf(session);
    if (!this.#overwrite && await statIfThere(path) !== null) {
      throw new OutputError(
        `Cannot ${ACT}: it exists, expected another folder, overwrite: true, ` +
          "or resume: true for the run that wrote it",
        { path },
      );
    }
    return await PartFile.open(path);
  }

  /** Names a finished file; returns its size in bytes. */
  async commit(
    part: PartFile,
    entry: Omit<JournalEntry, "mark">,
  ): Promise<number> {
    await part.file.syncData();
    const extent = await extentOf(part.file);
    const files = { [nameOf(part.path)]: extent };
    // The journal comes first: a run that is killed here renames the file.
    await this.#journal.add({ ...entry, mark: { files } });
    part.keep();
    await part.finish();
    part.rename();
    return extent.size;
  }

  /**
   * Accepts a session that an earlier run wrote; returns its file's size.
   *
   * @throws {OutputError} If the session or its description has changed.
   */
  restore(
    session: Session,
    entry: JournalEntry,
    description: FullDescription,
  ): number {
    checkEarlier(session, entry, this);
    const path = this.pathOf(session);
    const fields = fieldsOf(description);
    const found = optionDifference("describe", entry.facts, fields);
    if (found !== undefined) {
      throw new OutputError(`Cannot resume: ${found}`, { path });
    }
    const written = entry.mark.files[nameOf(path)];
    if (written === undefined) throw damagedError(path);
    return written.size;
  }

  [Symbol.dispose](): void {
    this.#journal[Symbol.dispose]();
    this.#lock.close();
  }
}

/** Converts errors of the file system; other errors are returned unchanged. */
export function outputError(error: unknown, path: string): unknown {
  // A full disk is a plain `Error` with a code, not one of Deno's classes.
  if (!(error instanceof Error)) return error;
  const { code } = error as Error & { readonly code?: unknown };
  if (!isFileError(error) && typeof code !== "string") return error;
  return new OutputError(`Cannot ${ACT}: ${error.message}`, {
    path,
    cause: error,
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Refuses a file that is not as an earlier run wrote it. */
async function checkWritten(path: string, written: Extent): Promise<void> {
  if (!await isFile(path) && await isFile(partPath(path))) {
    renameSync(partPath(path), path);
  }
  const found = await isFile(path) ? await extentAt(path) : undefined;
  const isSame = found?.size === written.size && found.crc32 === written.crc32;
  if (!isSame) throw damagedError(path);
}

async function extentAt(path: string): Promise<Extent> {
  const file = await open(path, { read: true });
  try {
    return await extentOf(file);
  } finally {
    file.close();
  }
}

async function extentOf(file: OpenFile): Promise<Extent> {
  const piece = new Uint8Array(PIECE);
  let [size, sum] = [0, 0];
  await file.seek(0);
  for (let read; (read = await file.read(piece)) !== null;) {
    sum = crc32(piece.subarray(0, read), sum);
    size += read;
  }
  return { size, crc32: sum };
}
