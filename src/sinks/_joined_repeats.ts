import type { Response } from "../session.ts";

/** All repeats, one after the other, in the response's unit. */
export function joinedRepeats({ repeats, scale }: Response): Float32Array {
  const total = repeats.reduce((sum, { length }) => sum + length, 0);
  const out = new Float32Array(total);
  let at = 0;
  for (const repeat of repeats) {
    if (scale === 1) out.set(repeat, at);
    else {for (let i = 0; i < repeat.length; i++) {
        out[at + i] = repeat[i] * scale;
      }}
    at += repeat.length;
  }
  return out;
}
