import type { StimMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Keys of stimuli without a key: equal stimuli of two datasets get the same one.
 * Stimuli of one dataset always differ in theirs.
 *
 * @returns Hashes of values, shape and metadata (64 bits, in hexadecimal).
 */
export function contentKeys(
  stims: readonly Tensor[],
  stimMeta: readonly StimMeta[],
): string[] {
  const counts = new Map<string, number>();
  return stims.map(({ data, ...rest }, s) => {
    const key = hashOf(data, JSON.stringify([rest, stimMeta[s]]));
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  });
}

function hashOf(data: Float32Array, text: string): string {
  const { length } = data;
  const words = new Uint32Array(length + text.length);
  words.set(new Uint32Array(data.slice().buffer));
  for (let i = 0; i < text.length; i++) words[length + i] = text.charCodeAt(i);
  return [1, 2].map((seed) =>
    murmur3(words, seed).toString(16).padStart(8, "0")
  ).join("");
}

/** MurmurHash3 x86_32 (Appleby 2011, public domain) of whole words. */
function murmur3(words: Uint32Array, seed: number): number {
  let hash = seed;
  for (const word of words) {
    hash ^= Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    hash = Math.imul(rotated(hash, 13), 5) + 0xe6546b64;
  }
  hash ^= 4 * words.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
