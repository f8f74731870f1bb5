/** Operating system, as far as folders differ between them. */
export type System = "windows" | "darwin" | "other";

/** Variable of the environment; undefined where there is none or no access. */
export function variable(name: string): string | undefined {
  return typeof Deno === "undefined" ? undefined : Deno.env.get(name);
}

/** Operating system this program runs on. */
export function system(): System {
  const os = typeof Deno === "undefined" ? "other" : Deno.build.os;
  return os === "windows" || os === "darwin" ? os : "other";
}
