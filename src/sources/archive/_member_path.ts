import type { Limits } from "../limits.ts";

const DRIVE_LETTER = /^[a-zA-Z]:/;
const ODD_PART = /(?:^|\/)(\.{0,2})(?:\/|$)/;

/**
 * Says why a path could name something outside the archive, or the same thing
 * under two names.
 *
 * @param path Path of a file, parts divided by `/`.
 * @returns The reason to refuse the path, undefined if there is none.
 */
export function pathFault(path: string): string | undefined {
  if (path === "") return "its path is empty";
  if (path.includes("\0")) return "its path holds a NUL";
  if (path.includes("\\")) return "its path holds a back-slash";
  if (path.startsWith("/")) return "its path is absolute";
  if (DRIVE_LETTER.test(path)) return "its path names a drive";
  const odd = ODD_PART.exec(path);
  return odd === null ? undefined : `its path has the part "${odd[1]}"`;
}

/**
 * Says which limit a path exceeds.
 *
 * @returns How it does so and the limit, undefined if there is none.
 */
export function pathExcess(
  path: string,
  limits: Limits,
): [why: string, name: keyof Limits] | undefined {
  if (path.length > limits.pathLength) {
    return [`a path has ${path.length} characters`, "pathLength"];
  }
  if (path.length <= limits.nesting) return undefined;
  const folders = path.split("/").length - 1;
  if (folders <= limits.nesting) return undefined;
  return [`a path has ${folders} folders`, "nesting"];
}
