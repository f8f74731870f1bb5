/**
 * The definitions in their plainest form: slow, short and evidently right. Tests
 * compare the kernels with them, and benches time the kernels against them.
 *
 * @module
 */

import { itemAt } from "../item_at.ts";

/** Sample `i` of a trace with reflected edges. */
function reflectedAt(x: Float64Array, i: number): number {
  while (i < 0 || i >= x.length) i = i < 0 ? -1 - i : 2 * x.length - 1 - i;
  return x[i] as number;
}

/** Running median: copies and sorts every window. */
export function plainMedianFilter(x: Float64Array, size: number): Float64Array {
  const window = new Float64Array(size);
  return x.map((_, i) => {
    const start = i - Math.floor(size / 2);
    for (let k = 0; k < size; k++) window[k] = reflectedAt(x, start + k);
    return window.sort()[Math.floor(size / 2)] as number;
  });
}

/** Gaussian filter: a weighted sum for every sample. */
export function plainGaussianFilter1d(
  x: Float64Array,
  sigma: number,
  truncate: number = 4,
): Float64Array {
  const radius = Math.trunc(truncate * sigma + 0.5);
  const weights = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, k) => Math.exp(-0.5 * ((k - radius) / sigma) ** 2),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  return x.map((_, i) => {
    let sum = 0;
    for (let k = -radius; k <= radius; k++) {
      sum += (weights[k + radius] as number) * reflectedAt(x, i + k);
    }
    return sum / total;
  });
}

/** Median of values; of an even number, the mean of the middle two. */
export function plainMedian(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

/** Mean of values. */
function mean(x: Float64Array): number {
  return x.reduce((a, b) => a + b, 0) / x.length;
}

/** Pearson r. */
export function plainCorrelation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [aa, bb, ab] = [0, 0, 0];
  for (let t = 0; t < a.length; t++) {
    aa += ((a[t] as number) - ma) ** 2;
    bb += ((b[t] as number) - mb) ** 2;
    ab += ((a[t] as number) - ma) * ((b[t] as number) - mb);
  }
  return ab / Math.sqrt(aa * bb);
}

/** r of each repeat with the median of the others, one median per repeat. */
export function plainLeaveOneOutCorrelation(
  repeats: readonly Float64Array[],
): Float64Array {
  const length = Math.min(...repeats.map((repeat) => repeat.length));
  const cut = repeats.map((repeat) => repeat.subarray(0, length));
  return Float64Array.from(cut, (repeat, i) => {
    const others = cut.filter((_, j) => j !== i);
    const medians = Float64Array.from(
      { length },
      (_, t) => plainMedian(others.map((other) => other[t] as number)),
    );
    return plainCorrelation(repeat, medians);
  });
}

/** Convolution with a Hann window, mode `same`: a sum for every sample. */
export function plainHannSmooth(x: Float64Array, points: number): Float64Array {
  const window = Float64Array.from(
    { length: points },
    (_, k) => points === 1 ? 1 : Math.sin(Math.PI * k / (points - 1)) ** 2,
  );
  const shift = Math.floor((points - 1) / 2);
  return x.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < points; k++) {
      sum += (window[k] as number) * (x[i + shift - k] ?? 0);
    }
    return sum;
  });
}

/** Block means: a slice and a mean for every bin. */
export function plainBlockMeans(x: Float64Array, block: number): Float64Array {
  if (x.length < block) return Float64Array.from(x.length ? [mean(x)] : []);
  return Float64Array.from(
    { length: Math.floor(x.length / block) },
    (_, t) => mean(x.slice(t * block, (t + 1) * block)),
  );
}

/** Log-band spectrogram in dB: a complex sum for every band and frame. */
export function plainLogSpectrogram(
  samples: Float64Array,
  rateHz: number,
  hop: number,
  points: number,
  frequencies: Float64Array,
): Float32Array {
  const frames = Math.ceil(samples.length / hop);
  const out = new Float32Array(frequencies.length * frames);
  frequencies.forEach((frequency, band) => {
    for (let frame = 0; frame < frames; frame++) {
      let [real, imaginary] = [0, 0];
      for (let k = 0; k < points; k++) {
        const sample = samples[frame * hop - Math.floor(points / 2) + k] ?? 0;
        const window = 0.54 - 0.46 * Math.cos(2 * Math.PI * k / (points - 1));
        const phase = 2 * Math.PI * frequency * k / rateHz;
        real += sample * window * Math.cos(phase);
        imaginary -= sample * window * Math.sin(phase);
      }
      out[band * frames + frame] = 20 *
        Math.log10(Math.hypot(real, imaginary) + 1e-12);
    }
  });
  return out;
}

/** Sahani and Linden's ratio and the ceiling, with a new average per half. */
export function plainNeuronQuality(
  stimuli: readonly (readonly Float64Array[])[],
  maxSplits: number,
): { snr: number; ccmax: number } {
  let [signal, noise, weight, ceiling, ceilingWeight] = [0, 0, 0, 0, 0];
  for (const repeats of stimuli) {
    const [count, bins] = [repeats.length, itemAt(repeats, 0).length];
    const ofRepeats = mean(Float64Array.from(repeats, variance));
    const power = (count * variance(average(repeats)) - ofRepeats) /
      (count - 1);
    signal += bins * power;
    noise += bins * (ofRepeats - power);
    weight += bins;
    const r = plainHalfCorrelation(repeats, maxSplits);
    if (!(r > 0)) continue;
    ceiling += bins * Math.sqrt(2 * r / (1 + r));
    ceilingWeight += bins;
  }
  const snr = signal / weight / Math.max(noise / weight, 1e-12);
  return { snr, ccmax: ceiling / ceilingWeight };
}

function plainHalfCorrelation(
  repeats: readonly Float64Array[],
  maxSplits: number,
): number {
  const even = repeats.length - repeats.length % 2;
  const splits = firstHalves(even, maxSplits);
  const rs = Float64Array.from(splits, (first) => {
    const halves = [true, false].map((inside) =>
      average(
        repeats.slice(0, even).filter((_, i) => first.includes(i) === inside),
      )
    );
    return plainCorrelation(itemAt(halves, 0), itemAt(halves, 1));
  });
  return mean(rs);
}

/** Halves that hold repeat 0, in lexicographic order, by depth-first choice. */
function firstHalves(count: number, most: number): number[][] {
  const found: number[][] = [];
  const choose = (chosen: number[], from: number): void => {
    if (found.length === most) return;
    if (chosen.length === count / 2) {
      found.push(chosen);
      return;
    }
    for (let i = from; i < count; i++) choose([...chosen, i], i + 1);
  };
  choose([0], 1);
  return found;
}

function average(repeats: readonly Float64Array[]): Float64Array {
  return itemAt(repeats, 0).map((_, t) =>
    repeats.reduce((sum, repeat) => sum + (repeat[t] as number), 0) /
    repeats.length
  );
}

function variance(x: Float64Array): number {
  const m = mean(x);
  return x.reduce((sum, value) => sum + (value - m) ** 2, 0) / (x.length - 1);
}

/** Bessel function I0 by its integral: the mean of `exp(x cos t)`. */
function plainI0(x: number): number {
  let sum = Math.cosh(x);
  for (let k = 1; k < 16; k++) sum += Math.exp(x * Math.cos(Math.PI * k / 16));
  return sum / 16;
}

/**
 * Resamples a sound: each output is a sum under a Kaiser-windowed sinc around it,
 * with weights that add up to 1.
 */
export function plainResample(
  x: Float64Array,
  rateHz: number,
  targetHz: number,
  length: number,
): Float64Array {
  const slower = Math.max(1, rateHz / targetHz);
  const reach = 136 * slower;
  const beta = 0.1102 * (104 - 8.7);
  return Float64Array.from({ length }, (_, j) => {
    const at = j * rateHz / targetHz;
    let sum = 0;
    let weights = 0;
    const last = Math.floor(at + reach + 1e-9);
    for (let k = Math.ceil(at - reach - 1e-9); k <= last; k++) {
      const angle = Math.PI * 0.975 / slower * (at - k);
      const edge = Math.sqrt(Math.max(0, 1 - ((at - k) / reach) ** 2));
      const weight = (angle === 0 ? 1 : Math.sin(angle) / angle) *
        plainI0(beta * edge);
      weights += weight;
      if (k >= 0 && k < x.length) sum += weight * (x[k] as number);
    }
    return sum / weights;
  });
}
