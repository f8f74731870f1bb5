import type { SyntheticRandom } from "../shared/random.ts";

const KNOT_MS = 5;

/** Activity of a synthetic membrane without a stimulus. */
export interface SyntheticMembrane {
  readonly restMv: number;
  /** Standard deviation of the noise that is correlated over some 10 ms. */
  readonly noiseMv: number;
  /** Amplitude of the slow drift of the resting level. */
  readonly driftMv: number;
  /** Standard deviation of the white noise. */
  readonly whiteMv: number;
}

/** Stretch of a recording that a stimulus drives. */
export interface EvokedStretch {
  /** Sample of the onset, from 0. */
  readonly start: number;
  /** Response per 5 ms bin from the onset, in mV. */
  readonly driven: Float64Array;
}

/**
 * Membrane potential in mV: rest, drift and noise, plus the response to each
 * stimulus.
 */
export function syntheticTrace(
  random: SyntheticRandom,
  membrane: SyntheticMembrane,
  rateHz: number,
  length: number,
  evoked: readonly EvokedStretch[],
): Float64Array {
  const perKnot = rateHz * KNOT_MS / 1000;
  const background = backgroundKnots(
    random,
    membrane,
    Math.ceil(length / perKnot) + 2,
  );
  const trace = new Float64Array(length);
  addKnots(trace, background, 0, perKnot);
  for (const { start, driven } of evoked) {
    addKnots(trace, driven, start, perKnot);
  }
  const { whiteMv } = membrane;
  for (let i = 0; i < length; i++) {
    (trace[i] as number) += whiteMv * random.noise();
  }
  return trace;
}

function backgroundKnots(
  random: SyntheticRandom,
  { restMv, noiseMv, driftMv }: SyntheticMembrane,
  knots: number,
): Float64Array {
  const turn = 2 * Math.PI * KNOT_MS / random.uniform(3000, 8000);
  const phase = random.uniform(0, 2 * Math.PI);
  const correlation = 0.5;
  const innovation = noiseMv * Math.sqrt(1 - correlation ** 2);
  const values = new Float64Array(knots);
  let noise = noiseMv * random.gaussian();
  for (let i = 0; i < knots; i++) {
    values[i] = restMv + driftMv * Math.sin(turn * i + phase) + noise;
    noise = correlation * noise + innovation * random.gaussian();
  }
  return values;
}

/** Adds lines that connect the values at the centres of their bins. */
function addKnots(
  trace: Float64Array,
  values: Float64Array,
  start: number,
  perKnot: number,
): void {
  for (let knot = -1; knot < values.length; knot++) {
    const left = values[knot] ?? 0;
    const right = values[knot + 1] ?? 0;
    const from = start + (knot + 0.5) * perKnot;
    const first = Math.max(0, start, Math.ceil(from));
    const end = Math.min(trace.length, Math.ceil(from + perKnot));
    const slope = (right - left) / perKnot;
    for (let i = first; i < end; i++) {
      (trace[i] as number) += left + slope * (i - from);
    }
  }
}

/** Firing of a synthetic cell, as a patch pipette on it records it. */
export interface SyntheticFiring {
  /** Spontaneous rate. */
  readonly rateHz: number;
  /** Height of a spike. */
  readonly spikeMv: number;
}

const SPIKE_MS = 1.4;
const REFRACTORY_MS = 2;

/**
 * Adds the spikes of a Poisson process with a dead time.
 *
 * @param evoked Relative change of the rate per 5 ms bin: 1 doubles it.
 */
export function addSpikes(
  trace: Float64Array,
  random: SyntheticRandom,
  { rateHz: firingHz, spikeMv }: SyntheticFiring,
  rateHz: number,
  evoked: readonly EvokedStretch[],
): void {
  const perKnot = rateHz * KNOT_MS / 1000;
  const change = new Float64Array(trace.length);
  for (const { start, driven } of evoked) {
    addKnots(change, driven, start, perKnot);
  }
  const shape = spikeShape(rateHz, spikeMv);
  for (let i = 0; i < trace.length; i++) {
    const expected = firingHz * Math.max(0, 1 + (change[i] as number)) / rateHz;
    if (random.uniform() >= expected) continue;
    for (let k = 0; k < shape.length && i + k < trace.length; k++) {
      (trace[i + k] as number) += shape[k] as number;
    }
    i += REFRACTORY_MS * rateHz / 1000;
  }
}

/** One sharp peak and a shallow trough. */
function spikeShape(rateHz: number, heightMv: number): Float64Array {
  const length = Math.round(SPIKE_MS * rateHz / 1000);
  return Float64Array.from({ length }, (_, i) => {
    const time = (i + 1) / length;
    const peak = Math.exp(-0.5 * ((time - 0.25) / 0.09) ** 2);
    const trough = Math.exp(-0.5 * ((time - 0.65) / 0.15) ** 2);
    return heightMv * (peak - 0.25 * trough);
  });
}

/** Fault of a repeat, named for the gate's test that finds it. */
export type SyntheticFault = "range" | "step" | "xcorr";

/** Level of a saturated amplifier, above the limit of the range test. */
const SATURATED_MV = 400;
const STEP_MV = 60;

/** Adds artefacts of the amplifier to a stretch of a trace. */
export function spoil(
  trace: Float64Array,
  fault: "range" | "step",
  rateHz: number,
  start: number,
  length: number,
): void {
  // Shorter than half of a 100 ms median, so that detrending keeps it.
  const widthMs = fault === "range" ? 15 : 40;
  const width = widthMs * rateHz / 1000;
  const period = 250 * rateHz / 1000;
  const end = Math.min(trace.length, start + length);
  for (let at = start + period / 2; at < end; at += period) {
    const piece = trace.subarray(at, Math.min(end, at + width));
    if (fault === "range") piece.fill(SATURATED_MV);
    else piece.forEach((value, i) => piece[i] = value + STEP_MV);
  }
}

/**
 * Response that is unrelated to the stimulus: noise of the same power and time
 * course, slightly anticorrelated with the real response so that the two never
 * match by chance.
 */
export function unrelatedTo(
  driven: Float64Array,
  random: SyntheticRandom,
): Float64Array {
  const correlation = 0.6;
  const other = new Float64Array(driven.length);
  let value = 0;
  for (let i = 0; i < other.length; i++) {
    value = correlation * value + random.gaussian();
    other[i] = value;
  }
  const power = dot(driven, driven);
  const along = dot(other, driven) / power;
  const across = other.map((x, i) => x - along * (driven[i] as number));
  const factor = Math.sqrt(power / dot(across, across));
  return across.map((x, i) => factor * x - 0.4 * (driven[i] as number));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Turns mV into steps of an amplifier of 16 bit. */
export function quantized(trace: Float64Array, stepMv: number): Int16Array {
  const steps = new Int16Array(trace.length);
  for (let i = 0; i < steps.length; i++) {
    const step = Math.round((trace[i] as number) / stepMv);
    steps[i] = step > 32767 ? 32767 : step < -32768 ? -32768 : step;
  }
  return steps;
}
