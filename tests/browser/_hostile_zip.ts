import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip-js/zip-js";
import { inflateSync } from "node:zlib";
import { Buffer } from "node:buffer";
import { makeZip } from "../support/archives/make_zip.ts";
import { compressed } from "../support/archives/mat_pack.ts";

/** Length of the text in front of a MAT file. */
const HEADER = 128;
/** Type of an element that holds a packed variable. */
const COMPRESSED = 15;

/**
 * A zip of MAT files in which a text, of 8-bit or 16-bit letters, is another one of
 * the same length.
 */
export async function withOtherText(
  zip: Uint8Array,
  text: string,
  other: string,
): Promise<Uint8Array> {
  if (other.length !== text.length) throw new Error("the lengths differ");
  const reader = new ZipReader(new Uint8ArrayReader(zip), {
    useWebWorkers: false,
  });
  const members: Record<string, Uint8Array> = {};
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    const bytes = await entry.getData(new Uint8ArrayWriter());
    members[entry.filename] = entry.filename.endsWith(".mat")
      ? matWithOtherText(bytes, text, other)
      : bytes;
  }
  return await makeZip(members);
}

function matWithOtherText(
  mat: Uint8Array,
  text: string,
  other: string,
): Uint8Array {
  // The data set has a file that is cut short.
  if (mat[HEADER - 2] !== "I".charCodeAt(0)) return mat;
  const view = new DataView(mat.buffer, mat.byteOffset, mat.byteLength);
  const parts: Uint8Array[] = [mat.subarray(0, HEADER)];
  for (let at = HEADER; at < mat.length;) {
    const end = at + 8 + view.getUint32(at + 4, true);
    const isPacked = view.getUint32(at, true) === COMPRESSED;
    const plain = isPacked
      ? new Uint8Array(inflateSync(mat.subarray(at + 8, end)))
      : mat.slice(at, end);
    replace(plain, text, other);
    parts.push(isPacked ? compressed(plain) : plain);
    at = end;
  }
  return new Uint8Array(Buffer.concat(parts));
}

function replace(bytes: Uint8Array, text: string, other: string): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const letters of ["latin1", "utf16le"] as const) {
    const to = Buffer.from(other, letters);
    for (;;) {
      const at = buffer.indexOf(Buffer.from(text, letters));
      if (at < 0) break;
      to.copy(buffer, at);
    }
  }
}
