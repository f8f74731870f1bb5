import type { Tensor } from "../tensor.ts";

/**
 * Expands a mask to the shape of the responses, as NumPy broadcasts.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @param mask 0 and 1, each axis as long as that of the responses or 1; axes in
 * front may be missing.
 * @param shape Shape of the responses.
 * @returns The same mask if nothing is expanded.
 * @throws {RangeError} If the shape does not fit, or a value is neither 0 nor 1.
 */
export function expandedMask(
  act: string,
  mask: Tensor,
  shape: readonly number[],
): Tensor {
  const missing = shape.length - mask.shape.length;
  const own = [...Array<number>(Math.max(0, missing)).fill(1), ...mask.shape];
  const fits = missing >= 0 &&
    own.every((length, axis) => length === shape[axis] || length === 1) &&
    mask.data.length === product(own);
  if (!fits) {
    throw new RangeError(
      `Cannot ${act}: shape of validMask is ${mask.shape} of ` +
        `${mask.data.length} values, expected ${shape} as the responses, or 1 ` +
        "along an axis",
    );
  }
  checkValues(act, mask.data);
  if (own.every((length, axis) => length === shape[axis])) return mask;
  return { ...mask, data: repeated(mask.data, own, shape), shape };
}

function checkValues(act: string, mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) {
    const value = mask[i] as number;
    if (value === 0 || value === 1) continue;
    throw new RangeError(
      `Cannot ${act}: validMask[${i}] is ${value}, expected 0 or 1`,
    );
  }
}

/** Repeats values along every axis of length 1, the last axis first. */
function repeated(
  values: Float32Array,
  own: readonly number[],
  shape: readonly number[],
): Float32Array {
  let data = values;
  let block = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    if (own[axis] !== length) data = tiled(data, block, length);
    block *= length;
  }
  return data;
}

/** Each block of values `count` times. */
function tiled(
  values: Float32Array,
  block: number,
  count: number,
): Float32Array {
  const out = new Float32Array(values.length * count);
  for (let at = 0; at < values.length; at += block) {
    const own = values.subarray(at, at + block);
    for (let i = 0; i < count; i++) out.set(own, at * count + i * block);
  }
  return out;
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((a, b) => a * b, 1);
}
