const FOLDER = new URL("../fixtures/", import.meta.url);
const MAX_BYTES = 1 << 16;
const BLOCK = 512;

/**
 * Reads the small files of a fixture folder, sorted by name.
 *
 * @param pattern Pattern that their names must match.
 */
export function fixtures(
  folder: string,
  extension: string,
  pattern = /^/,
): Uint8Array[] {
  const at = new URL(`${folder}/`, FOLDER);
  return [...Deno.readDirSync(at)].map(({ name }) => name)
    .filter((name) => name.endsWith(extension) && pattern.test(name)).sort()
    .map((name) => Deno.readFileSync(new URL(name, at)))
    .filter(({ length }) => length < MAX_BYTES);
}

/** Corrects the checksums of all blocks of a tar that look like headers. */
export function withChecksums(tar: Uint8Array): Uint8Array {
  const copy = tar.slice();
  for (let at = 0; at + BLOCK <= copy.length; at += BLOCK) {
    const header = copy.subarray(at, at + BLOCK);
    const magic = String.fromCharCode(...header.subarray(257, 262));
    if (magic !== "ustar") continue;
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    const digits = `${sum.toString(8).padStart(6, "0")}\0 `;
    header.set(new TextEncoder().encode(digits), 148);
  }
  return copy;
}
