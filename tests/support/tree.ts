import { createHash } from "node:crypto";

/** SHA-256 of a file (at key ""), or of each file in a folder by its path there. */
export async function treeOf(path: string): Promise<Record<string, string>> {
  const { isDirectory } = await Deno.lstat(path);
  if (!isDirectory) {
    const bytes = await Deno.readFile(path);
    return { "": createHash("sha256").update(bytes).digest("hex") };
  }
  const tree: Record<string, string> = {};
  const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  for (const name of names) {
    for (const [rest, sha] of Object.entries(await treeOf(`${path}/${name}`))) {
      tree[`/${name}${rest}`] = sha;
    }
  }
  return tree;
}

/** Sorted names of the entries in a folder. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
