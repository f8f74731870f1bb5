import type { Tensor } from "../../../tensor.ts";

/**
 * Repeats `[T]` of one cell, stimulus by stimulus, NaN where there is no
 * response: views without a mask, else copies.
 *
 * @param responses `(B, N, R, T)`.
 * @param validMask 1 where a response counts, else 0.
 * @param cell Which of the N.
 */
export function* cellRepeats(
  { data, shape: [stimuli, cells, repeats, bins] }: Tensor,
  validMask: Tensor | undefined,
  cell: number,
): Generator<Float32Array[]> {
  for (let b = 0; b < stimuli; b++) {
    const first = (b * cells + cell) * repeats;
    yield Array.from({ length: repeats }, (_, r) => {
      const from = (first + r) * bins;
      const repeat = data.subarray(from, from + bins);
      return validMask === undefined
        ? repeat
        : repeat.map((value, t) => validMask.data[from + t] ? value : NaN);
    });
  }
}
