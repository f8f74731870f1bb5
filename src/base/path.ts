// @ts-types="./_std_path.d.ts"
export { basename, dirname, join, resolve } from "@std/path";
// npm's build of the standard library has no types; these are declared here.
