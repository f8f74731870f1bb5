/** Shape of an output stage. */
export type NonlinearityKind = "softplus" | "sigmoid";

/**
 * Output stage of a cell: `floor + gain s((x - centre) / width)` of the linear
 * prediction x, where s is `log(1 + exp(z))` (softplus) or `1 / (1 + exp(-z))`
 * (sigmoid).
 */
export interface OutputNonlinearity {
  /** Shape of the curve. */
  readonly kind: NonlinearityKind;
  /** Least output, in the unit of the response. */
  readonly floor: number;
  /** Range of the sigmoid, or slope of the softplus times its width. */
  readonly gain: number;
  /** Linear prediction at the middle. */
  readonly centre: number;
  /** Width of the bend, above 0, in the unit of the linear prediction. */
  readonly width: number;
}

/** Output for a linear prediction. */
export function nonlinearOutput(
  { kind, floor, gain, centre, width }: OutputNonlinearity,
  x: number,
): number {
  const z = (x - centre) / width;
  return floor + gain * (kind === "softplus" ? softplus(z) : sigmoid(z));
}

/** `log(1 + exp(z))`, for any z. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** `1 / (1 + exp(-z))`, the slope of the softplus. */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
