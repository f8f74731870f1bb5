import { crc32 } from "../../platform/zlib.ts";
import { deflateRaw } from "../../platform/deflate.ts";
import { Fields } from "./_fields.ts";

/** File of a tarball. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BLOCK = 512;
const RECORD = 10240;
const MTIME = 1712000000;
/** PAX header, needed because ustar cannot hold a fraction of a second. */
const PAX_RECORD = `23 mtime=${MTIME}.25\n`;
const GZIP_HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/**
 * Packs files as Python's tarfile does for NEMS: a PAX header before each, one
 * gzip member without a name, its end filled up to 10,240 bytes.
 *
 * The files are deflated already, so a search for matches would only cost time.
 * Blocks that deflate does not shorten are stored, as in the release.
 */
export function syntheticTgz(files: readonly TarFile[]): Uint8Array {
  const tar = syntheticTar(files);
  const packed = deflateRaw(tar, "noise");
  return new Fields(GZIP_HEADER.length + packed.length + 8)
    .raw(GZIP_HEADER).raw(packed).u32(crc32(tar), tar.length).bytes;
}

function syntheticTar(files: readonly TarFile[]): Uint8Array {
  const size = files.reduce(
    (sum, { bytes }) => sum + 3 * BLOCK + rounded(bytes.length, BLOCK),
    2 * BLOCK,
  );
  const tar = new Fields(rounded(size, RECORD));
  let at = 0;
  for (const { path, bytes } of files) {
    tar.at(at).raw(tarHeader("././@PaxHeader", PAX_RECORD.length, "x"))
      .raw(PAX_RECORD)
      .at(at + 2 * BLOCK).raw(tarHeader(path, bytes.length, "0")).raw(bytes);
    at += 3 * BLOCK + rounded(bytes.length, BLOCK);
  }
  return tar.bytes;
}

function tarHeader(path: string, size: number, type: "x" | "0"): Uint8Array {
  const isFile = type === "0";
  const header = new Fields(BLOCK)
    .raw(path)
    .at(100).raw(octal(isFile ? 0o644 : 0, 7))
    .at(108).raw(octal(0, 7))
    .at(116).raw(octal(0, 7))
    .at(124).raw(octal(size, 11))
    .at(136).raw(octal(isFile ? MTIME : 0, 11))
    .at(148).raw(" ".repeat(8))
    .raw(type)
    .at(257).raw("ustar\x0000");
  if (isFile) header.at(265).raw("nems").at(297).raw("users");
  const sum = header.bytes.reduce((total, byte) => total + byte, 0);
  return header.at(148).raw(`${octal(sum, 6)}\0 `).bytes;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function rounded(size: number, to: number): number {
  return Math.ceil(size / to) * to;
}
