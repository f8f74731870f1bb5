import type { Tensor } from "./tensor.ts";

/** Bins T of a tensor `(..., T)` or `(..., T * samplesPerBin)`. */
export function timeBins({ shape, samplesPerBin = 1 }: Tensor): number {
  return shape[shape.length - 1] / samplesPerBin;
}
