import type { Limits } from "../limits.ts";
import { MatBytes, type MatOrigin } from "./_mat_bytes.ts";
import { isLevel4Type } from "./_mat_level4.ts";

const FILE_HEADER_BYTES = 128;
const VERSION_AT = 124;
const HDF5_SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const HDF5_AT = 512;

/** A file whose level and byte order are known. */
export interface OpenMat {
  readonly level: 4 | 5;
  readonly file: MatBytes;
}

/**
 * Finds out level and byte order.
 *
 * @throws {FormatError} If it is no MATLAB file.
 * @throws {UnsupportedError} If it is version 7.3, which is HDF5.
 */
export function openMat(
  bytes: Uint8Array,
  origin: MatOrigin,
  limits: Limits,
): OpenMat {
  const place = { ...origin, offset: 0 };
  const file = new MatBytes(bytes, true, place, limits);
  if (hasHdf5At(bytes, 0)) throw version73(file);
  // A level 5 file begins with text, a level 4 file with a number below 5001.
  if (bytes.length >= 4 && bytes.subarray(0, 4).includes(0)) {
    const littleEndian = isLevel4Type(file.int32(0));
    const ordered = new MatBytes(bytes, littleEndian, place, limits);
    return { level: 4, file: ordered };
  }
  if (bytes.length < FILE_HEADER_BYTES) {
    throw file.malformed(
      `it is ${bytes.length} bytes long, less than a file header`,
      0,
    );
  }
  const littleEndian = isLittleEndian(file);
  const ordered = new MatBytes(bytes, littleEndian, place, limits);
  checkVersion(ordered);
  return { level: 5, file: ordered };
}

function isLittleEndian(file: MatBytes): boolean {
  const [first, second] = file.bytes.subarray(VERSION_AT + 2);
  const mark = String.fromCharCode(first, second);
  if (mark === "IM" || mark === "MI") return mark === "IM";
  if (hasHdf5At(file.bytes, HDF5_AT)) throw version73(file);
  throw file.malformed(
    'it has no byte order mark "IM" or "MI"',
    VERSION_AT + 2,
  );
}

function checkVersion(file: MatBytes): void {
  const [first, second] = file.bytes.subarray(VERSION_AT);
  const [major, minor] = file.littleEndian ? [second, first] : [first, second];
  if (major === 1) return;
  if (major === 2 || hasHdf5At(file.bytes, HDF5_AT)) throw version73(file);
  throw file.malformed(
    `it is of format version ${major}.${minor}, expected 1.0`,
    VERSION_AT,
  );
}

function hasHdf5At(bytes: Uint8Array, offset: number): boolean {
  return HDF5_SIGNATURE.every((byte, i) => bytes[offset + i] === byte);
}

function version73(file: MatBytes): Error {
  return file.unsupported(
    "it is of version 7.3 (HDF5), expected level 4, v6 or v7; " +
      "save it with -v7 or read it as HDF5",
    0,
  );
}
