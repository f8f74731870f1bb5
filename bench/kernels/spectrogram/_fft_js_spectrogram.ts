import { fft } from "./_fft_js.ts";

/** Grid points on each side of a band that its interpolation uses. */
const REACH = 4;

/**
 * Log-band spectrogram built on `fft-js`. Each frame under its Hamming window is
 * padded with zeros about its centre to at least four times its length, and
 * transformed. Each band is interpolated from the grid points around it (Lagrange,
 * 8 points), which is exact to about 1e-4 of a frame's greatest value.
 *
 * @returns Levels `[F, T]` in dB, row by row.
 */
export function fftJsSpectrogram(
  samples: Float64Array,
  rateHz: number,
  hop: number,
  points: number,
  frequencies: Float64Array,
): Float32Array {
  const frames = Math.ceil(samples.length / hop);
  const size = 2 ** Math.ceil(Math.log2(4 * points));
  const half = points >> 1;
  const out = new Float32Array(frequencies.length * frames);
  const window = Float64Array.from(
    { length: points },
    (_, k) => 0.54 - 0.46 * Math.cos(2 * Math.PI * k / (points - 1)),
  );
  for (let frame = 0; frame < frames; frame++) {
    const padded = new Array<number>(size).fill(0);
    for (let k = 0; k < points; k++) {
      const sample = samples[frame * hop - half + k] ?? 0;
      padded[(k - half + size) % size] = (window[k] as number) * sample;
    }
    const grid = fft(padded);
    frequencies.forEach((frequency, band) => {
      const [real, imaginary] = drawn(grid, frequency / rateHz * size);
      out[band * frames + frame] = 20 *
        Math.log10(Math.hypot(real, imaginary) + 1e-12);
    });
  }
  return out;
}

function drawn(grid: [number, number][], at: number): [number, number] {
  const first = Math.floor(at) - REACH + 1;
  let [real, imaginary] = [0, 0];
  for (let i = first; i < first + 2 * REACH; i++) {
    let weight = 1;
    for (let j = first; j < first + 2 * REACH; j++) {
      if (j !== i) weight *= (at - j) / (i - j);
    }
    const [re, im] = grid[(i + grid.length) % grid.length] as [number, number];
    real += weight * re;
    imaginary += weight * im;
  }
  return [real, imaginary];
}
