import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** A linear receptive field. */
export interface LinearField {
  /** Number of bands, F. */
  readonly bands: number;
  /** Number of lags, L; lag k weighs the stimulus k bins ago. */
  readonly lags: number;
  /** Weights `(F, L)` in C order, unit of the response per unit of the stimulus. */
  readonly weights: Float64Array;
  /** Response to a stimulus of zeros. */
  readonly offset: number;
}

/**
 * Normal equations of a receptive field with an offset, in float64. Stimuli are
 * added one by one and not kept: `(F L)^2 + F^2 L` numbers for any count of
 * stimuli, and `2 (F L)^2` more while the equations are solved.
 *
 * - Minimizes `sum_t w(t) (y(t) - offset - sum_fk h(f, k) s(f, t - k))^2 +
 *   ridge W sum_fk h(f, k)^2` with W the sum of all w. A stimulus is zero
 *   before its onset.
 * - The products of lags k + 1 and l + 1 equal those of k and l shifted by a bin.
 *   They differ by one outer product where w changes, so a stimulus costs
 *   `F^2 L T`, not `F^2 L^2 T`.
 * - Reference: NumPy `linalg.solve` of the plain design matrix, in
 *   `tests/examples/linear_strf.py`.
 */
export class NormalEquations {
  readonly #bands: number;
  readonly #lags: number;
  /** `sum_t w(t) s(f, t) s(g, t - l)`: `[f][g][l]`. */
  readonly #firstLag: Float64Array;
  /** Difference of the products of lags k + 1, l + 1 from those of k, l. */
  readonly #changes: Float64Array;
  readonly #stimSums: Float64Array;
  readonly #moments: Float64Array;
  #weightSum = 0;
  #targetSum = 0;

  constructor(bands: number, lags: number) {
    const size = bands * lags;
    this.#bands = bands;
    this.#lags = lags;
    this.#firstLag = new Float64Array(bands * size);
    this.#changes = new Float64Array(size * size);
    this.#stimSums = new Float64Array(size);
    this.#moments = new Float64Array(size);
  }

  /**
   * Adds a stimulus and the response to it.
   *
   * @param stim Stimulus `(F, T)`.
   * @param target Response `[T]`; a number wherever its weight is above 0.
   * @param weight Weight of each bin `[T]`, at least 0: its number of repeats.
   */
  add(stim: Float64Array, target: Float64Array, weight: Float64Array): void {
    const bins = target.length;
    const weighted = target.map((y, t) =>
      (weight[t] as number) > 0 ? (weight[t] as number) * y : 0
    );
    this.#weightSum += sum(weight);
    this.#targetSum += sum(weighted);
    for (let f = 0; f < this.#bands; f++) {
      const row = stim.subarray(f * bins, (f + 1) * bins);
      this.#addLagged(this.#moments, f, weighted, row);
      this.#addLagged(this.#stimSums, f, weight, row);
      const weightedRow = row.map((s, t) => (weight[t] as number) * s);
      for (let g = 0; g < this.#bands; g++) {
        const other = stim.subarray(g * bins, (g + 1) * bins);
        this.#addLagged(
          this.#firstLag,
          f * this.#bands + g,
          weightedRow,
          other,
        );
      }
    }
    for (let t = 0; t < bins; t++) {
      const change = (weight[t + 1] ?? 0) - (weight[t] as number);
      if (change !== 0) this.#addChange(stim, bins, t, change);
    }
  }

  /**
   * Solves for the field of least squared error.
   *
   * @param ridge Penalty, above 0, per unit of weight, so that its meaning does
   * not depend on the number of bins.
   * @throws {RangeError} If no stimulus was added.
   */
  solve(ridge: number): LinearField {
    const total = this.#weightSum;
    if (!(total > 0)) {
      throw new RangeError(
        `Cannot fit a field: sum of weights is ${total}, expected above 0`,
      );
    }
    const [means, meanTarget] = [this.#stimSums, this.#targetSum / total];
    const gram = this.#gram();
    for (let p = 0; p < gram.rows; p++) {
      for (let q = 0; q < gram.rows; q++) {
        gram.set(
          p,
          q,
          gram.get(p, q) - (means[p] as number) * (means[q] as number) / total,
        );
      }
      gram.set(p, p, gram.get(p, p) + ridge * total);
    }
    const moments = this.#moments.map((m, p) =>
      m - (means[p] as number) * meanTarget
    );
    const weights = Float64Array.from(
      new CholeskyDecomposition(gram)
        .solve(Matrix.columnVector(moments)).getColumn(0),
    );
    const offset = meanTarget - dot(means, weights) / total;
    return { bands: this.#bands, lags: this.#lags, weights, offset };
  }

  /** `out[row][k] += sum_t left(t) right(t - k)`. */
  #addLagged(
    out: Float64Array,
    row: number,
    left: Float64Array,
    right: Float64Array,
  ): void {
    for (let k = 0; k < this.#lags; k++) {
      let sum = 0;
      for (let t = k; t < left.length; t++) {
        sum += (left[t] as number) * (right[t - k] as number);
      }
      (out[row * this.#lags + k] as number) += sum;
    }
  }

  #addChange(
    stim: Float64Array,
    bins: number,
    t: number,
    change: number,
  ): void {
    const window = this.#stimSums.map((_, p) => {
      const lag = p % this.#lags;
      const first = Math.floor(p / this.#lags) * bins;
      return lag > t ? 0 : stim[first + t - lag] as number;
    });
    for (let p = 0; p < window.length; p++) {
      const factor = change * (window[p] as number);
      const row = p * window.length;
      for (let q = 0; q < window.length; q++) {
        (this.#changes[row + q] as number) += factor * (window[q] as number);
      }
    }
  }

  /** Sums of products `(F L, F L)`. */
  #gram(): Matrix {
    const [bands, lags] = [this.#bands, this.#lags];
    const size = bands * lags;
    const gram = new Matrix(size, size);
    for (let p = 0; p < size; p++) {
      const [f, k] = [Math.floor(p / lags), p % lags];
      for (let q = p; q < size; q++) {
        const [g, l] = [Math.floor(q / lags), q % lags];
        const value = k === 0
          ? this.#firstLag[(f * bands + g) * lags + l] as number
          : l === 0
          ? this.#firstLag[(g * bands + f) * lags + k] as number
          : gram.get(p - 1, q - 1) +
            (this.#changes[(p - 1) * size + q - 1] as number);
        gram.set(p, q, value);
        gram.set(q, p, value);
      }
    }
    return gram;
  }
}

/**
 * Predicts the response `[T]` to a stimulus `(F, T)`.
 *
 * @param stim Stimulus in the unit of the fit.
 */
export function answerOf(
  { bands, lags, weights, offset }: LinearField,
  stim: Float64Array,
): Float64Array {
  const bins = stim.length / bands;
  const answer = new Float64Array(bins).fill(offset);
  for (let f = 0; f < bands; f++) {
    for (let k = 0; k < lags; k++) {
      const weight = weights[f * lags + k] as number;
      for (let t = k; t < bins; t++) {
        (answer[t] as number) += weight * (stim[f * bins + t - k] as number);
      }
    }
  }
  return answer;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}
