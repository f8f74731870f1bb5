import { gzipSync } from "node:zlib";

/**
 * A gzipped tar of regular files, as GNU tar writes one.
 *
 * @param files Path and content of each, in order; a path may come twice.
 */
export function tarball(
  files: readonly (readonly [path: string, content: Uint8Array])[],
): Uint8Array {
  const blocks = files.flatMap(([path, content]) => [
    header(path, content.length),
    content,
    new Uint8Array((512 - content.length % 512) % 512),
  ]);
  const tar = joined([...blocks, new Uint8Array(1024)]);
  return new Uint8Array(gzipSync(tar));
}

function header(path: string, size: number): Uint8Array {
  const block = new Uint8Array(512);
  const write = (text: string, at: number): void => {
    block.set(new TextEncoder().encode(text), at);
  };
  write(path, 0);
  write("0000644\0", 100);
  write("0000000\0".repeat(2), 108);
  write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  write("00000000000\0", 136);
  write(" ".repeat(8), 148);
  write("0", 156);
  write("ustar  \0", 257);
  const sum = block.reduce((a, b) => a + b, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
