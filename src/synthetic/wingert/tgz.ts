import { Buffer } from "node:buffer";
import { constants, crc32, deflateRawSync } from "node:zlib";

/** A file of a tarball. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const RECORD = 10240;
const MTIME = 1712000000;
/** A PAX header exists because ustar cannot hold a fraction of a second. */
const PAX_RECORD = `23 mtime=${MTIME}.25\n`;
const GZIP_HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/**
 * Packs files as Python's tarfile does for NEMS: a PAX header before each, one
 * gzip member without a name, its end filled up to 10,240 bytes.
 *
 * The files are deflated already: looking for matches would only take time, and
 * blocks that gain nothing are stored, as in the release.
 */
export function syntheticTgz(files: readonly TarFile[]): Uint8Array {
  const tar = syntheticTar(files);
  const packed = deflateRawSync(tar, {
    level: 1,
    strategy: constants.Z_HUFFMAN_ONLY,
  });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(tar));
  trailer.writeUInt32LE(tar.length, 4);
  return Buffer.concat([Uint8Array.from(GZIP_HEADER), packed, trailer]);
}

function syntheticTar(files: readonly TarFile[]): Uint8Array {
  const size = files.reduce(
    (sum, { bytes }) => sum + 3 * BLOCK + rounded(bytes.length, BLOCK),
    2 * BLOCK,
  );
  const tar = Buffer.alloc(rounded(size, RECORD));
  let at = 0;
  for (const { path, bytes } of files) {
    tar.set(tarHeader("././@PaxHeader", PAX_RECORD.length, "x"), at);
    tar.write(PAX_RECORD, at + BLOCK, "latin1");
    tar.set(tarHeader(path, bytes.length, "0"), at + 2 * BLOCK);
    tar.set(bytes, at + 3 * BLOCK);
    at += 3 * BLOCK + rounded(bytes.length, BLOCK);
  }
  return tar;
}

function tarHeader(path: string, size: number, type: "x" | "0"): Uint8Array {
  const isFile = type === "0";
  const header = Buffer.alloc(BLOCK);
  const field = (offset: number, text: string): void => {
    header.write(text, offset, "latin1");
  };
  field(0, path);
  field(100, octal(isFile ? 0o644 : 0, 7));
  field(108, octal(0, 7));
  field(116, octal(0, 7));
  field(124, octal(size, 11));
  field(136, octal(isFile ? MTIME : 0, 11));
  field(148, " ".repeat(8));
  field(156, type);
  field(257, "ustar\x0000");
  if (isFile) field(265, "nems");
  if (isFile) field(297, "users");
  const sum = header.reduce((total, byte) => total + byte, 0);
  field(148, `${octal(sum, 6)}\0 `);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function rounded(size: number, to: number): number {
  return Math.ceil(size / to) * to;
}
