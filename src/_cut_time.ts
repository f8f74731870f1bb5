import type { Tensor } from "./tensor.ts";

/**
 * The first bins of a tensor whose last axis is time.
 *
 * @param tensor Tensor `(..., T)`, or `(..., T * samplesPerBin)`.
 * @param bins Bins to keep at most.
 * @returns The first `min(T, bins)` bins; the same tensor where nothing is cut.
 */
export function cutTime(tensor: Tensor, bins: number): Tensor {
  const length = tensor.shape[tensor.shape.length - 1];
  const kept = bins * (tensor.samplesPerBin ?? 1);
  if (kept >= length) return tensor;
  const rows = tensor.data.length / length;
  const data = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    const start = row * length;
    data.set(tensor.data.subarray(start, start + kept), row * kept);
  }
  return { ...tensor, data, shape: [...tensor.shape.slice(0, -1), kept] };
}
