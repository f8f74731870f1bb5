import { crc32 } from "../platform/zlib.ts";

const ENCODER = new TextEncoder();

/**
 * CRC-32 of a value's content, in hexadecimal: of plain objects and arrays,
 * numbers, text, and typed arrays byte by byte. A list of numbers counts as one of
 * float64.
 */
export function contentSum(value: unknown): string {
  return sumOf(value, 0).toString(16).padStart(8, "0");
}

function sumOf(value: unknown, before: number): number {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const name = value.constructor.name;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return crc32(bytes, textSum(`${name} ${byteLength} `, before));
  }
  if (Array.isArray(value)) return listSum(value, before);
  if (typeof value !== "object" || value === null) {
    return textSum(`${typeof value} ${String(value)} `, before);
  }
  const entries = Object.entries(value);
  return entries.reduce(
    (sum, [key, item]) => sumOf(item, textSum(`${key}: `, sum)),
    textSum(`object ${entries.length} `, before),
  );
}

function listSum(list: readonly unknown[], before: number): number {
  if (list.length > 0 && list.every((item) => typeof item === "number")) {
    return sumOf(Float64Array.from(list), before);
  }
  return list.reduce(
    (sum: number, item) => sumOf(item, sum),
    textSum(`list ${list.length} `, before),
  );
}

function textSum(text: string, before: number): number {
  return crc32(ENCODER.encode(text), before);
}
