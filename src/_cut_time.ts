import type { Tensor } from "./tensor.ts";

/**
 * The first bins of a tensor whose last axis is time.
 *
 * @param tensor Tensor `(..., T)`.
 * @param bins Bins to keep at most.
 * @returns Tensor `(..., min(T, bins))`; the same one where nothing is cut.
 */
export function cutTime(tensor: Tensor, bins: number): Tensor {
  const length = tensor.shape[tensor.shape.length - 1];
  if (bins >= length) return tensor;
  const rows = tensor.data.length / length;
  const data = new Float32Array(rows * bins);
  for (let row = 0; row < rows; row++) {
    const start = row * length;
    data.set(tensor.data.subarray(start, start + bins), row * bins);
  }
  return { ...tensor, data, shape: [...tensor.shape.slice(0, -1), bins] };
}
