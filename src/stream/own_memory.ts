import type { CellResponse, Samples } from "../session.ts";

/** Memory that only the result which holds it uses. */
const OWN = new WeakSet<ArrayBufferLike>();

/** Whether nothing but its result uses an array. */
export function isOwn({ buffer, byteLength }: Float32Array): boolean {
  return OWN.has(buffer) && byteLength === buffer.byteLength;
}

/** A copy whose memory only its result uses. */
export function ownCopy(values: Float32Array): Float32Array {
  const copy = values.slice();
  OWN.add(copy.buffer);
  return copy;
}

/**
 * Repeats as views of joined ones.
 *
 * @param joined Joined repeats; nothing else uses their memory.
 * @param repeats Repeats of the same lengths.
 */
export function ownRepeats(
  joined: Float32Array,
  repeats: readonly Pick<Samples, "length">[],
): Float32Array[] {
  OWN.add(joined.buffer);
  let at = 0;
  return repeats.map(({ length }) => joined.subarray(at, at += length));
}

/** The memory of a response's repeats if nothing else uses it. */
export function ownMemory(
  { repeats, scale }: CellResponse,
): Float32Array | undefined {
  const buffer = repeats[0]?.buffer;
  if (buffer === undefined || scale !== 1 || !OWN.has(buffer)) return undefined;
  const total = repeats.reduce((sum, { length }) => sum + length, 0);
  // A step in between may have dropped or cut repeats.
  let at = 0;
  for (const repeat of repeats) {
    if (repeat.buffer !== buffer || repeat.byteOffset !== at) return undefined;
    at += repeat.byteLength;
  }
  return at === buffer.byteLength
    ? new Float32Array(buffer, 0, total)
    : undefined;
}

/** Joins repeats as float32, in the response's unit. */
export function joinedRepeats(response: CellResponse): Float32Array {
  const own = ownMemory(response);
  if (own) {
    // From here on the caller uses it.
    OWN.delete(own.buffer);
    return own;
  }
  const { repeats, scale } = response;
  const total = repeats.reduce((sum, { length }) => sum + length, 0);
  const out = new Float32Array(total);
  let at = 0;
  for (const repeat of repeats) {
    if (scale === 1) out.set(repeat, at);
    else out.set(Float32Array.from(repeat, (step) => step * scale), at);
    at += repeat.length;
  }
  return out;
}
