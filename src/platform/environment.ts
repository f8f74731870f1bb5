/** Operating system, as far as the places of folders differ. */
export type System = "windows" | "darwin" | "other";

/** Variable of the environment; undefined if it is not set, or in a browser. */
export function variable(name: string): string | undefined {
  return typeof Deno === "undefined" ? undefined : Deno.env.get(name);
}

/** Permission of a variable of the environment, or of a path. */
export type Permission =
  | { readonly name: "env"; readonly variable: string }
  | { readonly name: "read" | "write"; readonly path: string };

/** Whether Deno permits something without asking the user first. */
export function isGranted(permission: Permission): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

/** Whether there is a file system here: a browser has none. */
export function hasFileSystem(): boolean {
  return typeof Deno !== "undefined";
}

/** Operating system this program runs on. */
export function system(): System {
  const os = typeof Deno === "undefined" ? "other" : Deno.build.os;
  return os === "windows" || os === "darwin" ? os : "other";
}

/** Keys of the methods whose text `console.log` prints, in Deno and in Node. */
export const INSPECT_KEYS: readonly symbol[] = [
  Symbol.for("Deno.customInspect"),
  Symbol.for("nodejs.util.inspect.custom"),
];
