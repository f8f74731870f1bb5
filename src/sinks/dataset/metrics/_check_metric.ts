import type { Tensor } from "../../../tensor.ts";

/**
 * Refuses responses and a mask that are no `(B, N, R, T)` of one shape, or hold
 * what is neither there nor not there.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {RangeError} If a shape does not fit, a response is infinite where
 * the mask is 1, or the mask is anything but 0 and 1.
 */
export function checkResponses(
  act: string,
  responses: Tensor,
  validMask: Tensor | undefined,
): void {
  checkAxes(act, "responses", responses, "B,N,R,T");
  if (validMask !== undefined) {
    checkShape(act, "validMask", validMask, responses.shape);
    checkMask(act, validMask.data);
  }
  const { data } = responses;
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]) === Infinity && validMask?.data[i] !== 0) {
      refuse(act, `responses[${i}]`, data[i], "a finite number or NaN");
    }
  }
}

/**
 * Refuses predictions that are no `(B, N, T)` for responses `(B, N, R, T)`.
 *
 * @throws {RangeError} If the shape does not fit.
 */
export function checkPredictions(
  act: string,
  predictions: Tensor,
  { shape: [stimuli, cells, _, bins] }: Tensor,
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

function checkMask(act: string, mask: Float32Array): void {
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] !== 0 && mask[i] !== 1) {
      refuse(act, `validMask[${i}]`, mask[i], "0 or 1");
    }
  }
}

function refuse(
  act: string,
  name: string,
  value: number | string,
  rule: string,
): never {
  throw new RangeError(`Cannot ${act}: ${name} is ${value}, expected ${rule}`);
}
