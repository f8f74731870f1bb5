import { isFileError, isForbidden, isLinkLoop, isNotFound } from "./files.ts";

/**
 * Why a file operation failed, in words: the system's own text names calls and
 * numbers.
 */
export function fileReason(error: unknown): string {
  if (isNotFound(error)) return "nothing is at the path";
  if (isLinkLoop(error)) return "its links lead in a circle";
  if (isTooLong(error)) return "the path, or a part of it, is too long";
  if (isPermission(error)) return "the system does not permit it";
  if (codeOf(error) === "ENOTDIR") return "a file stands in its path";
  if (codeOf(error) === "EISDIR") return "it is a folder";
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\).*$/s, "");
}

/** Whether an error says that a path leads nowhere or may not be followed. */
export function isOutOfReach(error: unknown): boolean {
  return isNotFound(error) || isForbidden(error) || isLinkLoop(error) ||
    isTooLong(error) || codeOf(error) === "ENOTDIR";
}

/** Whether an error says that the file system has no such operation. */
export function isUnsupported(error: unknown): boolean {
  // The kernel says EPERM for a hard link on FAT, EXDEV for one to another disk.
  return ["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EPERM", "ENOLCK", "EXDEV"]
    .includes(codeOf(error));
}

/** Whether an error comes from the system: a full disk has no class in Deno. */
export function isSystemError(error: unknown): error is Error {
  return isFileError(error) || codeOf(error) !== "";
}

/** Deno has no class for it. */
function isTooLong(error: unknown): boolean {
  return codeOf(error) === "ENAMETOOLONG";
}

/** Refused by the system; what Deno itself refuses names the flag to set. */
function isPermission(error: unknown): boolean {
  return ["EACCES", "EPERM"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
