import type { Batch, Tensor } from "rxephys";
import { adamStart, type AdamState, adamStep } from "./adam.ts";
import type { EncoderScale } from "./encoder_scale.ts";
import {
  type EncoderWindows,
  joinedWindows,
  windowsOf,
} from "./encoder_windows.ts";
import { GruEncoder, type GruEncoderSize } from "./gru_encoder.ts";
import { tf } from "./tensorflow.ts";

/** State that a step of training depends on, besides its batch. */
export interface TrainerState {
  /** Trained weights, in the order of the encoder. */
  readonly weights: readonly Float32Array[];
  readonly adam: AdamState;
}

/** Trains an encoder of one cell, batch by batch. */
export class EncoderTrainer {
  readonly #encoder: GruEncoder;
  readonly #scale: EncoderScale;
  readonly #rate: number;
  #adam: AdamState;

  /**
   * @param scale Scale of the training data.
   * @param rate Learning rate of Adam.
   * @param seed Seed of the initial weights.
   */
  constructor(
    size: GruEncoderSize,
    scale: EncoderScale,
    rate: number,
    seed: number,
  ) {
    this.#encoder = new GruEncoder(size, seed);
    this.#scale = scale;
    this.#rate = rate;
    this.#adam = adamStart(this.#encoder.variables.map(({ size }) => size));
  }

  /** Copies of the weights and of the optimizer's state. */
  get state(): TrainerState {
    return { weights: this.weights, adam: this.#adam };
  }

  set state({ weights, adam }: TrainerState) {
    this.weights = weights;
    this.#adam = adam;
  }

  /** Copies of the weights. */
  get weights(): readonly Float32Array[] {
    return this.#encoder.variables.map((variable) =>
      Float32Array.from(variable.dataSync())
    );
  }

  set weights(weights: readonly Float32Array[]) {
    tf.tidy(() => {
      for (const [i, variable] of this.#encoder.variables.entries()) {
        const values = weights[i] as Float32Array;
        variable.assign(tf.tensor(values, variable.shape));
      }
    });
  }

  /** Makes one step on a batch; returns the loss before it, in variances of the response. */
  fit(batch: Batch): number {
    const windows = windowsOf(batch, this.#scale);
    const variables = [...this.#encoder.variables];
    const { loss, gradients } = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => this.#loss(windows),
        variables,
      );
      return {
        loss: value.dataSync()[0] as number,
        gradients: variables.map(({ name }) =>
          Float32Array.from((grads[name] as tf.Tensor).dataSync())
        ),
      };
    });
    const rate = this.#rate;
    const { weights, state } = adamStep(
      this.weights,
      gradients,
      this.#adam,
      rate,
    );
    this.state = { weights, adam: state };
    return loss;
  }

  /** Predicts the responses to the stimuli of a batch: `(B, 1, T)`. */
  predict(batch: Batch): Tensor {
    const { stims, shape } = windowsOf(batch, this.#scale);
    const answers = tf.tidy(() =>
      this.#encoder.forward(tf.tensor3d(stims, shape)).dataSync()
    );
    return joinedWindows(answers, batch, this.#scale);
  }

  /** Mean squared error over the valid bins. */
  #loss({ stims, targets, weights, shape }: EncoderWindows): tf.Scalar {
    const [windows, bins] = shape;
    const weight = tf.tensor2d(weights, [windows, bins]);
    const error = this.#encoder.forward(tf.tensor3d(stims, shape))
      .squaredDifference(tf.tensor2d(targets, [windows, bins]));
    return error.mul(weight).sum<tf.Scalar>().div(weight.sum());
  }
}
