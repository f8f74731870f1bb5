/**
 * Cross and power spectra of pairs of signals by Welch's method, summed over
 * segments: half overlapping, without their mean, under a periodic Hann window.
 */
export class WelchSpectra {
  readonly #size: number;
  readonly #window: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;

  /** @param size Bins of a segment, at least 2. */
  constructor(size: number) {
    this.#size = size;
    const turn = (i: number): number => 2 * Math.PI * i / size;
    const table = (value: (i: number) => number): Float64Array =>
      Float64Array.from({ length: size }, (_, i) => value(i));
    this.#window = table((i) => 0.5 - 0.5 * Math.cos(turn(i)));
    this.#cos = table((i) => Math.cos(turn(i)));
    this.#sin = table((i) => Math.sin(turn(i)));
  }

  /**
   * Coherence of two signals, `|Pxy|^2 / (Pxx Pyy)`, averaged over frequencies
   * from 0 to the Nyquist frequency.
   *
   * @param x Signal `[T]`, at least one segment.
   * @param y Signal `[T]`.
   * @returns 0 to 1; NaN if a signal has no power at a frequency.
   */
  meanCoherence(x: Float64Array, y: Float64Array): number {
    const size = this.#size;
    const count = Math.floor(size / 2) + 1;
    const [xx, yy] = [new Float64Array(count), new Float64Array(count)];
    const [re, im] = [new Float64Array(count), new Float64Array(count)];
    const step = size - Math.floor(size / 2);
    for (let at = 0; at + size <= x.length; at += step) {
      // One transform of x + iy gives both spectra.
      const [a, b] = this.#transformed(
        this.#segment(x, at),
        this.#segment(y, at),
      );
      for (let k = 0; k < count; k++) {
        const m = (size - k) % size;
        const [ak, bk] = [a[k] as number, b[k] as number];
        const [am, bm] = [a[m] as number, b[m] as number];
        const [xr, xi] = [(ak + am) / 2, (bk - bm) / 2];
        const [yr, yi] = [(bk + bm) / 2, (am - ak) / 2];
        (xx[k] as number) += xr * xr + xi * xi;
        (yy[k] as number) += yr * yr + yi * yi;
        (re[k] as number) += xr * yr + xi * yi;
        (im[k] as number) += xr * yi - xi * yr;
      }
    }
    const sum = xx.reduce((sum, own, k) => {
      const cross = (re[k] as number) ** 2 + (im[k] as number) ** 2;
      return sum + cross / (own * (yy[k] as number));
    }, 0);
    return sum / count;
  }

  #segment(signal: Float64Array, at: number): Float64Array {
    const own = signal.slice(at, at + this.#size);
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    return own.map((value, i) => (value - mean) * (this.#window[i] as number));
  }

  /** Fourier transform: by halves for a power of two, else by its sum. */
  #transformed(re: Float64Array, im: Float64Array): Complex {
    return Number.isInteger(Math.log2(this.#size))
      ? this.#halved(re, im)
      : this.#summed(re, im);
  }

  /** Radix 2 of Cooley and Tukey (1965), in place. */
  #halved(re: Float64Array, im: Float64Array): Complex {
    const size = this.#size;
    reverseBits(re, im);
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let at = 0; at < size; at += 2 * half) {
        for (let k = 0; k < half; k++) {
          const cos = this.#cos[k * stride] as number;
          const sin = this.#sin[k * stride] as number;
          const [i, j] = [at + k, at + k + half];
          const [r, m] = [re[j] as number, im[j] as number];
          const [tr, ti] = [r * cos + m * sin, m * cos - r * sin];
          re[j] = (re[i] as number) - tr;
          im[j] = (im[i] as number) - ti;
          (re[i] as number) += tr;
          (im[i] as number) += ti;
        }
      }
    }
    return [re, im];
  }

  #summed(re: Float64Array, im: Float64Array): Complex {
    const size = this.#size;
    const [outRe, outIm] = [new Float64Array(size), new Float64Array(size)];
    for (let k = 0; k < size; k++) {
      for (let i = 0; i < size; i++) {
        const cos = this.#cos[k * i % size] as number;
        const sin = this.#sin[k * i % size] as number;
        const [r, m] = [re[i] as number, im[i] as number];
        (outRe[k] as number) += r * cos + m * sin;
        (outIm[k] as number) += m * cos - r * sin;
      }
    }
    return [outRe, outIm];
  }
}

type Complex = [re: Float64Array, im: Float64Array];

/** Brings values into the order of their indices' reversed bits. */
function reverseBits(re: Float64Array, im: Float64Array): void {
  let j = 0;
  for (let i = 1; i < re.length; i++) {
    let bit = re.length / 2;
    for (; j & bit; bit /= 2) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    for (const values of [re, im]) {
      const kept = values[i] as number;
      values[i] = values[j] as number;
      values[j] = kept;
    }
  }
}
