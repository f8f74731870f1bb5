import { UnsupportedError } from "../errors.ts";

/** Description of a file or folder, as `stat` gives it. */
export interface FileInfo {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  readonly size: number;
  readonly mtime: Date | null;
  readonly dev: number;
  readonly ino: number | null;
}

/** Entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** File that stays open until {@linkcode OpenFile.close}. */
export interface OpenFile {
  /** Reads from the current position on; null at the end of the file. */
  read(into: Uint8Array): Promise<number | null>;
  /** As {@linkcode OpenFile.read}, without a promise, which takes 120 us. */
  readSync(into: Uint8Array): number | null;
  /** Writes from the current position on; returns how many bytes it wrote. */
  write(bytes: Uint8Array): Promise<number>;
  /** As {@linkcode OpenFile.write}, without a promise, which takes 120 us. */
  writeSync(bytes: Uint8Array): number;
  /** Moves the current position, counted from the start of the file. */
  seek(offset: number): Promise<void>;
  /** As {@linkcode OpenFile.seek}, without a promise, which takes 120 us. */
  seekSync(offset: number): void;
  stat(): Promise<FileInfo>;
  statSync(): FileInfo;
  truncate(size: number): Promise<void>;
  /** As {@linkcode OpenFile.truncate}, without a promise. */
  truncateSync(size: number): void;
  /** Waits until the disk holds what was written. */
  syncData(): Promise<void>;
  /** Takes an exclusive lock; false where another process holds one. */
  tryLock(): Promise<boolean>;
  close(): void;
}

/** Options of {@linkcode open}. */
export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  readonly createNew?: boolean;
  readonly truncate?: boolean;
}

/** Options of {@linkcode remove}. */
export interface RemoveOptions {
  /** Whether to remove a folder with all it holds. */
  readonly recursive?: boolean;
}

/** Deno, whose file system this is; a browser has none. */
function system(): typeof Deno {
  if (typeof Deno !== "undefined") return Deno;
  throw new UnsupportedError(
    "Cannot reach files by path here, expected a File, a Blob or an address",
  );
}

/** Opens a file. */
export async function open(
  path: string,
  options: OpenOptions,
): Promise<OpenFile> {
  const file = await system().open(path, options);
  let isLocked = false;
  return {
    read: (into) => file.read(into),
    readSync: (into) => file.readSync(into),
    write: (bytes) => file.write(bytes),
    writeSync: (bytes) => file.writeSync(bytes),
    seek: async (offset) => void await file.seek(offset, Deno.SeekMode.Start),
    seekSync: (offset) => void file.seekSync(offset, Deno.SeekMode.Start),
    stat: () => file.stat(),
    statSync: () => file.statSync(),
    truncate: (size) => file.truncate(size),
    truncateSync: (size) => file.truncateSync(size),
    syncData: () => file.syncData(),
    tryLock: async () => isLocked = await file.tryLock(true),
    close: () => {
      // A child that is being forked keeps the open file, and so its lock.
      if (isLocked) file.unlockSync();
      file.close();
    },
  };
}

/** Describes what is at a path, following links. */
export async function stat(path: string): Promise<FileInfo> {
  return await system().stat(path);
}

/** Describes what is at a path; of a link, the link itself. */
export function lstatSync(path: string): FileInfo {
  return system().lstatSync(path);
}

/** Whether a link is at a path. */
export function isLinkSync(path: string): boolean {
  try {
    return lstatSync(path).isSymlink;
  } catch (error) {
    if (isNotFound(error) || isError(error, "NotADirectory")) return false;
    throw error;
  }
}

/** Path with every link resolved. */
export async function realPath(path: string): Promise<string> {
  return await system().realPath(path);
}

/** Lists a folder, in no particular order. */
export function list(folder: string): AsyncIterable<FolderEntry> {
  return system().readDir(folder);
}

/** Makes a folder and those above it; one that exists is fine. */
export async function makeFolder(path: string): Promise<void> {
  await system().mkdir(path, { recursive: true });
}

/** Makes a folder; fails if something is there, or no folder is above it. */
export async function makeNewFolder(
  path: string,
  mode: number = 0o777,
): Promise<void> {
  await system().mkdir(path, { mode });
}

/** Removes a file or a folder. */
export async function remove(
  path: string,
  options?: RemoveOptions,
): Promise<void> {
  await system().remove(path, options);
}

/** Removes a file or a folder if there is one. */
export function removeIfThere(path: string, options?: RemoveOptions): void {
  try {
    system().removeSync(path, options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Renames a file or a folder; a file of the new name is replaced. */
export function renameSync(from: string, to: string): void {
  system().renameSync(from, to);
}

/** Gives a file a second name; fails if something has it. */
export async function hardLink(from: string, to: string): Promise<void> {
  await system().link(from, to);
}

/** Waits until the disk holds the names in a folder, where folders open. */
export async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await system().open(path);
  await folder.syncData();
}

/** Reads a whole file; a pipe or device is refused, where a read may wait. */
export async function readBytes(path: string): Promise<Uint8Array> {
  await refuseOther(path);
  return await system().readFile(path);
}

/** Reads a whole text file, as {@linkcode readBytes} does. */
export async function readText(path: string): Promise<string> {
  await refuseOther(path);
  return await system().readTextFile(path);
}

async function refuseOther(path: string): Promise<void> {
  if ((await stat(path)).isFile) return;
  throw notSupportedError("it is no file");
}

/** Writes a whole text file. */
export async function writeText(
  path: string,
  text: string,
  options?: { readonly createNew?: boolean },
): Promise<void> {
  await system().writeTextFile(path, text, options);
}

/** Whether a file is at a path. */
export async function isFile(path: string): Promise<boolean> {
  return (await statIfThere(path))?.isFile ?? false;
}

/** Whether a folder is at a path. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statIfThere(path))?.isDirectory ?? false;
}

/** Describes what is at a path; null if nothing is. */
export async function statIfThere(path: string): Promise<FileInfo | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error) || isError(error, "NotADirectory")) return null;
    throw error;
  }
}

/** Whether an error says that nothing is at a path. */
export function isNotFound(error: unknown): boolean {
  return isError(error, "NotFound");
}

/** Whether an error says that a new file would replace another. */
export function isAlreadyThere(error: unknown): boolean {
  return isError(error, "AlreadyExists");
}

/** Whether an error says that this program may not touch a path. */
export function isForbidden(error: unknown): boolean {
  return isError(error, "PermissionDenied") || isError(error, "NotCapable");
}

/** Whether an error says that the reader of a pipe has closed it. */
export function isClosedPipe(error: unknown): boolean {
  return isError(error, "BrokenPipe");
}

/** Whether an error says that links lead in a circle. */
export function isLinkLoop(error: unknown): boolean {
  return isError(error, "FilesystemLoop");
}

/** Whether an error comes from the file system, whichever it is. */
export function isFileError(error: unknown): error is Error {
  return typeof Deno !== "undefined" &&
    Object.values(Deno.errors).some((known) =>
      (error as Error | null)?.constructor === known
    );
}

/** Error of a kind that is not supported, such as a folder opened as a file. */
export function notSupportedError(message: string): Error {
  return new (system().errors.NotSupported)(message);
}

function isError(error: unknown, name: keyof typeof Deno.errors): boolean {
  return typeof Deno !== "undefined" && error instanceof Deno.errors[name];
}
