import {
  type NonlinearityKind,
  type OutputNonlinearity,
  sigmoid,
  softplus,
} from "./output_nonlinearity.ts";
import { factor, solveFactored } from "./_cholesky.ts";

/** Points of a curve, each with a weight above 0. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weight: Float64Array;
}

/** Floor, gain, centre and logarithm of the width. */
type Curve = readonly [a: number, g: number, c: number, logWidth: number];

const STEPS = 200;
/** Relative gain of a step below which the search ends. */
const ENOUGH = 1e-12;
/** Starting points: centres and widths in standard deviations of x. */
const CENTRES = [-1, 0, 1, 2];
const WIDTHS = [0.25, 1, 4];

/**
 * Fits a curve by weighted least squares.
 *
 * @returns Undefined for fewer than four points, or if all x are equal.
 */
export function fitCurve(
  points: Points,
  kind: NonlinearityKind,
): OutputNonlinearity | undefined {
  const [mean, deviation] = moments(points.x, points.weight);
  const [level, range] = moments(points.y, points.weight);
  if (points.x.length < 4 || !(deviation > 0)) return undefined;
  // A constant response has range 0.
  const unit = range || 1;
  const scaled: Points = {
    x: points.x.map((x) => (x - mean) / deviation),
    y: points.y.map((y) => (y - level) / unit),
    weight: points.weight,
  };
  const few = thinned(scaled, 2000);
  const starts = CENTRES.flatMap((centre) =>
    WIDTHS.map((width) => search(few, kind, start(few, kind, centre, width)))
  );
  const best = starts.reduce((a, b) => b.error < a.error ? b : a);
  const { curve: [a, g, c, logWidth] } = search(scaled, kind, best.curve);
  return {
    kind,
    floor: level + unit * a,
    gain: unit * g,
    centre: mean + deviation * c,
    width: deviation * Math.exp(logWidth),
  };
}

/** Every n-th point, so that at most `most` are left. */
function thinned({ x, y, weight }: Points, most: number): Points {
  const step = Math.ceil(x.length / most);
  const some = (values: Float64Array): Float64Array =>
    values.filter((_, i) => i % step === 0);
  return { x: some(x), y: some(y), weight: some(weight) };
}

/** The best floor and gain for a centre and a width: a line through (s, y). */
function start(
  { x, y, weight }: Points,
  kind: NonlinearityKind,
  centre: number,
  width: number,
): Curve {
  const s = x.map((value) => shape(kind, (value - centre) / width));
  const [meanS, deviationS] = moments(s, weight);
  const [meanY] = moments(y, weight);
  let [product, total] = [0, 0];
  for (let i = 0; i < s.length; i++) {
    const w = weight[i] as number;
    product += w * ((s[i] as number) - meanS) * ((y[i] as number) - meanY);
    total += w;
  }
  const gain = deviationS > 0 ? product / total / deviationS ** 2 : 0;
  return [meanY - gain * meanS, gain, centre, Math.log(width)];
}

/** Descends from a curve by Levenberg's and Marquardt's method. */
function search(
  points: Points,
  kind: NonlinearityKind,
  from: Curve,
): { readonly curve: Curve; readonly error: number } {
  let curve = from;
  let { error, gradient, hessian } = slopes(points, kind, curve);
  let damping = 1e-3;
  let calm = 0;
  for (let step = 0; step < STEPS && calm < 3 && damping < 1e12; step++) {
    const change = solved(hessian, gradient, damping);
    const next = curve.map((value, i) =>
      value + (change?.[i] ?? 0)
    ) as unknown as Curve;
    const found = slopes(points, kind, next);
    if (change === undefined || !(found.error <= error)) {
      damping *= 4;
      continue;
    }
    calm = error - found.error <= ENOUGH * error ? calm + 1 : 0;
    curve = next;
    ({ error, gradient, hessian } = found);
    damping = Math.max(1e-12, damping / 8);
  }
  return { curve, error };
}

function solved(
  hessian: Float64Array,
  gradient: Float64Array,
  damping: number,
): Float64Array | undefined {
  const damped = hessian.slice();
  for (let i = 0; i < 4; i++) {
    // Marquardt's scaling; the second term moves a parameter without any slope.
    (damped[5 * i] as number) += damping * (hessian[5 * i] as number) + 1e-30;
  }
  if (!factor(damped, 4)) return undefined;
  return solveFactored(damped, 4, [gradient])[0];
}

/** Squared error with half its negative gradient and Gauss's curvature. */
function slopes(
  { x, y, weight }: Points,
  kind: NonlinearityKind,
  [a, g, c, logWidth]: Curve,
): { error: number; gradient: Float64Array; hessian: Float64Array } {
  const width = Math.exp(logWidth);
  const gradient = new Float64Array(4);
  const hessian = new Float64Array(16);
  const by = new Float64Array(4);
  let error = 0;
  for (let i = 0; i < x.length; i++) {
    const z = ((x[i] as number) - c) / width;
    const value = shape(kind, z);
    const rise = kind === "softplus" ? sigmoid(z) : value * (1 - value);
    const w = weight[i] as number;
    const rest = (y[i] as number) - a - g * value;
    error += w * rest ** 2;
    by[0] = 1;
    by[1] = value;
    by[2] = -g * rise / width;
    by[3] = -g * rise * z;
    for (let p = 0; p < 4; p++) {
      const factor = w * (by[p] as number);
      (gradient[p] as number) += factor * rest;
      for (let q = 0; q <= p; q++) {
        (hessian[4 * p + q] as number) += factor * (by[q] as number);
      }
    }
  }
  return { error, gradient, hessian };
}

function shape(kind: NonlinearityKind, z: number): number {
  return kind === "softplus" ? softplus(z) : sigmoid(z);
}

function moments(
  values: Float64Array,
  weight: Float64Array,
): [mean: number, deviation: number] {
  let [total, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    total += weight[i] as number;
    sum += (weight[i] as number) * (values[i] as number);
  }
  const mean = sum / total;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    square += (weight[i] as number) * ((values[i] as number) - mean) ** 2;
  }
  return [mean, Math.sqrt(square / total)];
}
