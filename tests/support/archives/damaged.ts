/** Cuts and bit flips of a file, identical in every run. */
export function* damaged(
  bytes: Uint8Array,
  { step = 64, flips = 500 }: { step?: number; flips?: number } = {},
): Generator<{ readonly name: string; readonly bytes: Uint8Array }> {
  for (let end = 0; end < bytes.length; end += step) {
    yield { name: `cut at ${end}`, bytes: bytes.slice(0, end) };
  }
  let state = 1;
  const random = (below: number): number => {
    state = Math.imul(state, 1664525) + 1013904223 >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  for (let i = 0; i < flips; i++) {
    const at = random(bytes.length);
    const bit = random(8);
    const copy = bytes.slice();
    (copy[at] as number) ^= 1 << bit;
    yield { name: `byte ${at}, bit ${bit}`, bytes: copy };
  }
}
