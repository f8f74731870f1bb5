import { factor, solveFactored } from "./_cholesky.ts";
import { LaggedProducts } from "./_lagged_products.ts";

/** Linear receptive fields of cells with common bins. */
export interface LinearFields {
  /** Weights of each cell `(F, L)` in C order. */
  readonly weights: readonly Float64Array[];
  /** Response of each cell to a stimulus of zeros. */
  readonly offsets: Float64Array;
}

/**
 * Sums over bins t, each of weight w, of the lagged stimulus x `[F L]` and the
 * responses y `[N]`.
 */
export interface Sums {
  /** Sum of w. */
  readonly weight: number;
  /** Sum of `w x` `[F L]`. */
  readonly stim: Float64Array;
  /** Sum of `w x x^T` `(F L, F L)`. */
  readonly gram: Float64Array;
  /** Sum of `w y`, by cell. */
  readonly target: Float64Array;
  /** Sum of `w y^2`, by cell. */
  readonly square: Float64Array;
  /** Sum of `w y x` `[F L]`, by cell. */
  readonly moments: readonly Float64Array[];
}

/**
 * Normal equations of receptive fields with an offset, in float64, for cells that
 * share their bins. Stimuli are added one by one and not kept.
 *
 * The products of lags k + 1 and l + 1 equal those of k and l shifted by a bin.
 * They differ by one outer product where the weight of a bin changes, so only
 * products with the first lag are summed over time.
 */
export class NormalEquations {
  readonly #bands: number;
  readonly #lags: number;
  readonly #products: LaggedProducts;
  /** Difference of the products of lags k + 1, l + 1 from those of k, l. */
  readonly #changes: Float64Array;
  readonly #target: Float64Array;
  readonly #square: Float64Array;
  #weight = 0;

  /**
   * @param bands Number of bands, F.
   * @param lags Number of lags, L; lag k weighs the stimulus k bins ago.
   * @param cells Number of cells, N.
   */
  constructor(bands: number, lags: number, cells: number) {
    this.#bands = bands;
    this.#lags = lags;
    this.#products = new LaggedProducts(bands + 1 + cells, bands, lags);
    this.#changes = new Float64Array((bands * lags) ** 2);
    this.#target = new Float64Array(cells);
    this.#square = new Float64Array(cells);
  }

  /**
   * Adds a stimulus and the responses to it. The stimulus is zero before its onset.
   *
   * @param stim Bands of the stimulus, F of `[T]`.
   * @param targets Response of each cell `[T]`; a number wherever the weight of the
   * bin is above 0.
   * @param weight Weight of each bin `[T]`, at least 0: its number of repeats.
   */
  add(
    stim: readonly Float64Array[],
    targets: readonly Float64Array[],
    weight: Float64Array,
  ): void {
    const weighted = (values: Float64Array): Float64Array =>
      values.map((value, t) => {
        const w = weight[t] as number;
        return w > 0 ? w * value : 0;
      });
    const products = targets.map(weighted);
    for (const w of weight) this.#weight += w;
    for (const [cell, target] of targets.entries()) {
      const wy = products[cell] as Float64Array;
      let [sum, square] = [0, 0];
      for (let t = 0; t < target.length; t++) {
        if (!((weight[t] as number) > 0)) continue;
        sum += wy[t] as number;
        square += (wy[t] as number) * (target[t] as number);
      }
      (this.#target[cell] as number) += sum;
      (this.#square[cell] as number) += square;
    }
    this.#products.add([...stim.map(weighted), weight, ...products], stim);
    for (let t = 0; t < weight.length; t++) {
      const change = (weight[t + 1] ?? 0) - (weight[t] as number);
      if (change !== 0) this.#addChange(stim, t, change);
    }
  }

  /** The sums over all stimuli so far. */
  sums(): Sums {
    const size = this.#bands * this.#lags;
    const products = this.#products.sums();
    const row = (i: number): Float64Array =>
      products.slice(i * size, (i + 1) * size);
    return {
      weight: this.#weight,
      stim: row(this.#bands),
      gram: this.#gram(products),
      target: this.#target.slice(),
      square: this.#square.slice(),
      moments: Array.from(this.#target, (_, i) => row(this.#bands + 1 + i)),
    };
  }

  #addChange(stim: readonly Float64Array[], t: number, change: number): void {
    const lags = this.#lags;
    const window = new Float64Array(stim.length * lags);
    for (const [f, row] of stim.entries()) {
      for (let lag = 0; lag < lags && lag <= t; lag++) {
        window[f * lags + lag] = row[t - lag] as number;
      }
    }
    for (let p = 0; p < window.length; p++) {
      const factor = change * (window[p] as number);
      if (factor === 0) continue;
      const row = p * window.length;
      for (let q = p; q < window.length; q++) {
        (this.#changes[row + q] as number) += factor * (window[q] as number);
      }
    }
  }

  #gram(products: Float64Array): Float64Array {
    const [bands, lags] = [this.#bands, this.#lags];
    const size = bands * lags;
    const gram = new Float64Array(size * size);
    for (let p = 0; p < size; p++) {
      const [f, k] = [Math.floor(p / lags), p % lags];
      for (let q = p; q < size; q++) {
        const [g, l] = [Math.floor(q / lags), q % lags];
        const before = (p - 1) * size + q - 1;
        const value = k === 0
          ? products[(f * bands + g) * lags + l] as number
          : l === 0
          ? products[(g * bands + f) * lags + k] as number
          : (gram[before] as number) + (this.#changes[before] as number);
        gram[p * size + q] = value;
        gram[q * size + p] = value;
      }
    }
    return gram;
  }
}

/** Sums over the bins of both, or over those of the first without the second. */
export function combined(a: Sums, sign: 1 | -1, b: Sums): Sums {
  const add = (x: Float64Array, y: Float64Array): Float64Array =>
    x.map((value, i) => value + sign * (y[i] as number));
  return {
    weight: a.weight + sign * b.weight,
    stim: add(a.stim, b.stim),
    gram: add(a.gram, b.gram),
    target: add(a.target, b.target),
    square: add(a.square, b.square),
    moments: a.moments.map((x, i) => add(x, b.moments[i] as Float64Array)),
  };
}

/**
 * Fields of least squared error: minimizes `sum_t w (y - offset - h x)^2 + ridge W
 * h^2` for every cell, W the sum of w. One factorization serves all cells.
 *
 * @param ridge Penalty, at least 0, per unit of weight, so that its meaning does
 * not depend on the number of bins.
 * @returns Undefined if the equations are singular.
 */
export function ridgeFields(
  { weight, stim, gram, target, moments }: Sums,
  ridge: number,
): LinearFields | undefined {
  const size = stim.length;
  const centred = gram.slice();
  for (let p = 0; p < size; p++) {
    const mean = (stim[p] as number) / weight;
    const row = p * size;
    for (let q = 0; q <= p; q++) {
      (centred[row + q] as number) -= mean * (stim[q] as number);
    }
    (centred[row + p] as number) += ridge * weight;
  }
  if (!factor(centred, size)) return undefined;
  const sides = moments.map((moment, cell) => {
    const mean = (target[cell] as number) / weight;
    return moment.map((value, p) => value - (stim[p] as number) * mean);
  });
  const weights = solveFactored(centred, size, sides);
  const offsets = target.map((sum, cell) =>
    (sum - dot(stim, weights[cell] as Float64Array)) / weight
  );
  return { weights, offsets };
}

/** Squared error of fields, `sum_t w (y - offset - h x)^2`, by cell. */
export function squaredErrors(
  { weight, stim, gram, target, square, moments }: Sums,
  { weights, offsets }: LinearFields,
): Float64Array {
  return square.map((sum, cell) => {
    const h = weights[cell] as Float64Array;
    const offset = offsets[cell] as number;
    return sum - 2 * offset * (target[cell] as number) -
      2 * dot(h, moments[cell] as Float64Array) + weight * offset ** 2 +
      2 * offset * dot(h, stim) + quadratic(gram, h);
  });
}

/** `h^T G h` of a symmetric matrix. */
function quadratic(gram: Float64Array, h: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < h.length; p++) {
    const row = p * h.length;
    let below = 0;
    for (let q = 0; q < p; q++) {
      below += (gram[row + q] as number) * (h[q] as number);
    }
    const value = h[p] as number;
    sum += value * (2 * below + (gram[row + p] as number) * value);
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += (a[i] as number) * (b[i] as number);
  }
  return sum;
}
