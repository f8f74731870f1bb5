import { deflateZlib } from "../../platform/deflate.ts";
import { crc32 } from "../../platform/zlib.ts";

/** Colours of a palette, three bytes each; colour 0 is transparent. */
export type Palette = Uint8Array;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** W3C PNG, 11.2.1: eight bits a pixel, each the number of a colour. */
const INDEXED = [8, 3, 0, 0, 0];

/**
 * PNG whose pixels are numbers of colours, which takes a third of the bytes of
 * one in RGB.
 *
 * - Reference: W3C PNG, third edition; no filter, as 12.7 advises for palettes.
 *
 * @param pixels Numbers of colours `(rows, columns)`, the top row first.
 */
export function palettePng(
  pixels: Uint8Array,
  columns: number,
  palette: Palette,
): Uint8Array<ArrayBuffer> {
  const rows = pixels.length / columns;
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, columns);
  header.setUint32(4, rows);
  INDEXED.forEach((value, i) => header.setUint8(8 + i, value));
  // Each row begins with the number of its filter.
  const lines = new Uint8Array(rows * (columns + 1));
  for (let row = 0; row < rows; row++) {
    const line = pixels.subarray(row * columns, (row + 1) * columns);
    lines.set(line, row * (columns + 1) + 1);
  }
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk("PLTE", palette),
    chunk("tRNS", Uint8Array.of(0)),
    chunk("IDAT", deflateZlib(lines, 6)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** The PNG as an address that holds it. */
export function pngAddress(png: Uint8Array): string {
  return `data:image/png;base64,${png.toBase64()}`;
}

/** W3C PNG, 5.3: length, type, data, and a CRC over type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new DataView(new ArrayBuffer(data.length + 12));
  const bytes = new Uint8Array(out.buffer);
  out.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  const checked = bytes.subarray(4, data.length + 8);
  out.setUint32(data.length + 8, crc32(checked) >>> 0);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
