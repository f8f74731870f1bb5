import { tf } from "./tensorflow.ts";

/** Size of a {@linkcode GruEncoder}. */
export interface GruEncoderSize {
  /** Bands of the stimuli, F. */
  readonly bands: number;
  /** Mixtures of bands that feed the recurrent layer. */
  readonly features: number;
  /** Units of the recurrent layer. */
  readonly hidden: number;
}

/**
 * A small StateNet (Rancon, Masquelier and Cottereau 2025, Commun. Biol. 8:1456):
 * a spectral stage, a gated recurrent unit (Cho et al. 2014, with the reset after
 * the product) whose state is the only memory, and a linear readout.
 */
export class GruEncoder {
  /** Trained variables, always in the same order. */
  readonly variables: readonly tf.Variable[];
  readonly #size: GruEncoderSize;

  /** @param seed Seed of the initial weights, a whole number. */
  constructor(size: GruEncoderSize, seed: number) {
    const { bands, features, hidden } = size;
    const shapes = [
      [bands, features],
      [features, 3 * hidden],
      [hidden, 3 * hidden],
      [hidden, 1],
    ];
    const weights = shapes.map((shape, i) =>
      tf.initializers.glorotUniform({ seed: 4 * seed + i }).apply(shape)
    );
    const offsets = [tf.zeros([3 * hidden]), tf.zeros([1])];
    this.variables = [...weights, ...offsets].map((start) =>
      tf.variable(start as tf.Tensor)
    );
    this.#size = size;
  }

  /** Computes outputs `(M, L)` for stimuli `(M, L, F)`. */
  forward(stims: tf.Tensor3D): tf.Tensor2D {
    const [windows, bins, bands] = stims.shape;
    const [spectral, input, recurrent, readout, inputOffset, readoutOffset] =
      this.variables as readonly tf.Tensor[] as GruWeights;
    const { hidden } = this.#size;
    const features = stims.reshape<tf.Tensor2D>([windows * bins, bands])
      .matMul<tf.Tensor2D>(spectral);
    const driven = features.matMul(input).add(inputOffset)
      .reshape([windows, bins, 3 * hidden]);
    let state = tf.zeros<tf.Rank.R2>([windows, hidden]);
    const states = driven.unstack<tf.Tensor2D>(1).map((drive) =>
      state = this.#next(state, drive, recurrent)
    );
    return tf.stack(states, 1)
      .reshape<tf.Tensor2D>([windows * bins, hidden])
      .matMul(readout).add(readoutOffset)
      .reshape([windows, bins]);
  }

  /** State one bin later: `z h + (1 - z) tanh(c + r (h U_c))`. */
  #next(
    state: tf.Tensor2D,
    drive: tf.Tensor2D,
    recurrent: tf.Tensor2D,
  ): tf.Tensor2D {
    const sizes = [2 * this.#size.hidden, this.#size.hidden];
    const [gates, change] = drive.split(sizes, 1) as Halves;
    const [ownGates, ownChange] = state.matMul(recurrent)
      .split(sizes, 1) as Halves;
    const [keep, reset] = gates.add(ownGates).sigmoid().split(2, 1) as Halves;
    const next = change.add(reset.mul(ownChange)).tanh();
    return next.add(keep.mul(state.sub(next)));
  }
}

type Halves = [tf.Tensor2D, tf.Tensor2D];

/** Weights and offsets, in the order of {@linkcode GruEncoder.variables}. */
type GruWeights = readonly [
  spectral: tf.Tensor2D,
  input: tf.Tensor2D,
  recurrent: tf.Tensor2D,
  readout: tf.Tensor2D,
  inputOffset: tf.Tensor2D,
  readoutOffset: tf.Tensor2D,
];
