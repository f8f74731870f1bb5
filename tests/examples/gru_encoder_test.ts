import type { Batch } from "rxephys";
import { adamStart, adamStep } from "../../examples/models/adam.ts";
import {
  joinedWindows,
  windowsOf,
} from "../../examples/models/encoder_windows.ts";
import { GruEncoder } from "../../examples/models/gru_encoder.ts";
import { tf, useWasm } from "../../examples/models/tensorflow.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import { fakeSamples } from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";

const SIZE = { bands: 3, features: 2, hidden: 4 };

function stims(windows: number, bins: number, seed: number): Float32Array {
  return Float32Array.from(fakeSamples(windows * bins * SIZE.bands, seed));
}

/** Output of the encoder by its definition, bin by bin, in float64. */
function plainAnswers(
  encoder: GruEncoder,
  stim: Float32Array,
  bins: number,
): number[] {
  const { bands, features, hidden } = SIZE;
  const variables = encoder.variables.map((variable) => variable.dataSync());
  const variable = (i: number): ArrayLike<number> => itemAt(variables, i);
  const [spectral, input, recurrent] = [variable(0), variable(1), variable(2)];
  const readout = variable(3);
  const [inputOffset, readoutOffset] = [variable(4), variable(5)];
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  let state = new Float64Array(hidden);
  return Array.from({ length: bins }, (_, t) => {
    const drive = new Float64Array(3 * hidden);
    const own = new Float64Array(3 * hidden);
    for (let j = 0; j < 3 * hidden; j++) {
      drive[j] = itemAt(inputOffset, j);
      for (let k = 0; k < features; k++) {
        let feature = 0;
        for (let f = 0; f < bands; f++) {
          feature += itemAt(stim, t * bands + f) *
            itemAt(spectral, f * features + k);
        }
        (drive[j] as number) += feature * itemAt(input, k * 3 * hidden + j);
      }
      for (let i = 0; i < hidden; i++) {
        (own[j] as number) += itemAt(state, i) *
          itemAt(recurrent, i * 3 * hidden + j);
      }
    }
    state = state.map((before, i) => {
      const keep = sigmoid(itemAt(drive, i) + itemAt(own, i));
      const reset = sigmoid(
        itemAt(drive, hidden + i) + itemAt(own, hidden + i),
      );
      const next = Math.tanh(
        itemAt(drive, 2 * hidden + i) + reset * itemAt(own, 2 * hidden + i),
      );
      return keep * before + (1 - keep) * next;
    });
    return state.reduce(
      (sum, h, i) => sum + h * itemAt(readout, i),
      itemAt(readoutOffset, 0),
    );
  });
}

Deno.test("GruEncoder: equals the plain loop, window by window", async () => {
  await useWasm();
  const encoder = new GruEncoder(SIZE, 7);
  const [windows, bins] = [2, 9];
  const input = stims(windows, bins, 3);
  const shape: [number, number, number] = [windows, bins, SIZE.bands];
  const answers = encoder.forward(tf.tensor3d(input, shape)).dataSync();
  const perWindow = bins * SIZE.bands;
  const expected = [0, 1].flatMap((w) =>
    plainAnswers(
      encoder,
      input.subarray(w * perWindow, (w + 1) * perWindow),
      bins,
    )
  );
  // float32 against float64 over nine bins.
  assertClose(Float64Array.from(answers), Float64Array.from(expected), 1e-5);
  assert(expected.some((value) => Math.abs(value) > 0.05));
});

Deno.test("adamStep: equals the steps of TensorFlow.js", async () => {
  await useWasm();
  const start = Float32Array.of(0.5, -1, 2);
  const variable = tf.variable(tf.tensor1d(start));
  const optimizer = tf.train.adam(0.05);
  let weights: Float32Array[] = [start];
  let state = adamStart([3]);
  for (let step = 0; step < 20; step++) {
    const slopes = itemAt(weights, 0).map((w, i) => w ** 3 - i + 0.1 * step);
    const slope = { name: variable.name, tensor: tf.tensor1d(slopes) };
    optimizer.applyGradients([slope]);
    ({ weights, state } = adamStep(weights, [slopes], state, 0.05));
  }
  assertEquals(state.steps, 20);
  assertClose(
    Float64Array.from(itemAt(weights, 0)),
    Float64Array.from(variable.dataSync()),
    1e-5,
  );
});

/** A batch of one cell: stimuli and responses of `bins` bins, padded with NaN. */
function paddedBatch(lengths: readonly number[]): Batch {
  const [count, bands, repeats] = [lengths.length, 2, 2];
  const bins = Math.max(...lengths);
  const stims = new Float32Array(count * bands * bins);
  const responses = new Float32Array(count * repeats * bins).fill(NaN);
  for (const [b, length] of lengths.entries()) {
    for (let t = 0; t < length; t++) {
      for (let f = 0; f < bands; f++) stims[(b * bands + f) * bins + t] = t + f;
      responses[b * repeats * bins + t] = 10 * b + t;
      // The second repeat of the first stimulus is one bin short.
      if (b === 0 && t === length - 1) continue;
      responses[(b * repeats + 1) * bins + t] = 10 * b + t + 2;
    }
  }
  return {
    stims: { data: stims, shape: [count, 1, bands, bins] },
    responses: { data: responses, shape: [count, 1, repeats, bins] },
    validMask: {
      data: responses.map((value) => Number.isNaN(value) ? 0 : 1),
      shape: [count, 1, repeats, bins],
    },
    stimMeta: lengths.map(() => ({})),
    indices: [...lengths.keys()],
  };
}

const SCALE = {
  stimMeans: [1, 0],
  stimDeviations: [2, 1],
  responseMean: 3,
  responseDeviation: 4,
};

for (const lengths of [[1], [99, 100], [101, 40], [250, 3]]) {
  Deno.test(`windowsOf: stimuli of ${lengths} bins, and back`, () => {
    const batch = paddedBatch(lengths);
    const windows = windowsOf(batch, SCALE);
    const bins = Math.max(...lengths);
    assertEquals(windows.shape, [
      lengths.length * Math.ceil(bins / 100),
      120,
      2,
    ]);
    assert(windows.targets.every(Number.isFinite), "NaN among the targets");
    const total = lengths.reduce((sum, length) => sum + 2 * length, 0) - 1;
    assertEquals(windows.weights.reduce((a, b) => a + b), total);
    const { data, shape } = joinedWindows(windows.targets, batch, SCALE);
    assertEquals(shape, [lengths.length, 1, bins]);
    for (const [b, length] of lengths.entries()) {
      for (let t = 0; t < length; t++) {
        const isShort = b === 0 && t === length - 1;
        const mean = 10 * b + t + (isShort ? 0 : 1);
        assert(
          Math.abs(itemAt(data, b * bins + t) - mean) < 1e-4,
          `${b}, ${t}`,
        );
      }
    }
  });
}

Deno.test("windowsOf: a window holds 20 bins before those that it predicts", () => {
  const { stims, weights } = windowsOf(paddedBatch([250]), SCALE);
  const at = (window: number, bin: number): number[] => {
    const row = window * 120 + bin;
    return [
      itemAt(stims, 2 * row),
      itemAt(stims, 2 * row + 1),
      itemAt(weights, row),
    ];
  };
  assertEquals(at(0, 19), [0, 0, 0]);
  assertEquals(at(0, 20), [-0.5, 1, 2]);
  assertEquals(at(1, 0), [(80 - 1) / 2, 81, 0]);
  assertEquals(at(1, 20), [(100 - 1) / 2, 101, 2]);
  assertEquals(at(2, 69), [(249 - 1) / 2, 250, 1]);
  assertEquals(at(2, 70), [0, 0, 0]);
});
