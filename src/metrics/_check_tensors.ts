import type { Tensor } from "../tensor.ts";

/**
 * Refuses responses and masks with invalid shapes or values.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @returns The mask with the shape of the responses.
 * @throws {RangeError} If a shape does not fit, a response is infinite where
 * the mask is 1, or the mask is anything but 0 and 1.
 */
export function checkResponses(
  act: string,
  responses: Tensor,
  validMask: Tensor | undefined,
): Tensor | undefined {
  checkAxes(act, "responses", responses, "B,N,R,T");
  const mask = validMask && expandedMask(act, validMask, responses.shape);
  const { data } = responses;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (Math.abs(value) === Infinity && mask?.data[i] !== 0) {
      refuse(act, `responses[${i}]`, value, "a finite number or NaN");
    }
  }
  return mask;
}

/**
 * Refuses predictions that are no `(B, N, T)` for responses `(B, N, R, T)`.
 *
 * @throws {RangeError} If the shape does not fit.
 */
export function checkPredictions(
  act: string,
  predictions: Tensor,
  { shape: [stimuli = 0, cells = 0, _, bins = 0] }: Tensor,
): void {
  checkAxes(act, "predictions", predictions, "B,N,T");
  checkShape(act, "predictions", predictions, [stimuli, cells, bins]);
}

function checkAxes(
  act: string,
  name: string,
  { data, shape }: Tensor,
  axes: string,
): void {
  const fits = shape.length === axes.split(",").length &&
    data.length === shape.reduce((a, b) => a * b, 1);
  if (fits) return;
  refuse(act, `shape of ${name}`, `${shape} of ${data.length} values`, axes);
}

function checkShape(
  act: string,
  name: string,
  { data, shape }: Tensor,
  expected: readonly number[],
): void {
  const fits = shape.length === expected.length &&
    shape.every((length, axis) => length === expected[axis]) &&
    data.length === expected.reduce((a, b) => a * b, 1);
  if (fits) return;
  refuse(
    act,
    `shape of ${name}`,
    `${shape} of ${data.length} values`,
    `${expected} as the responses`,
  );
}

function refuse(
  act: string,
  name: string,
  value: number | string,
  rule: string,
): never {
  throw new RangeError(`Cannot ${act}: ${name} is ${value}, expected ${rule}`);
}

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
function expandedMask(
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
