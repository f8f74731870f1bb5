import { itemAt } from "./item_at.ts";

/** Flips bits of a byte in place; throws if the byte does not exist. */
export function flipByte(bytes: Uint8Array, at: number, bits: number): void {
  bytes[at] = itemAt(bytes, at) ^ bits;
}
