import { checkCount, checkOptions } from "../base/check.ts";
import type { Batch } from "../dataset/collate.ts";
import type { Tensor } from "../tensor.ts";

const ACT = "cut windows";

/** Options of {@linkcode windowBatch} and {@linkcode joinWindows}. */
export interface WindowOptions {
  /**
   * Bins of a window that a network predicts, at least 1.
   *
   * @default {100}
   */
  readonly bins?: number;
  /**
   * Bins before those that it hears without predicting them, at least 0.
   *
   * @default {20}
   */
  readonly before?: number;
}

/** A batch cut into M windows, those of one stimulus one after the other. */
export interface BatchWindows {
  /** Stimuli `(M, before + bins, F)`, zero outside of the stimulus. */
  readonly stims: Tensor;
  /** Mean over the valid repeats `(M, bins, N)`; 0 where there are none. */
  readonly targets: Tensor;
  /** Number of valid repeats `(M, bins, N)`: the weight of the target in a loss. */
  readonly repeats: Tensor;
}

/**
 * Cuts a batch of spectrograms into windows of time, for networks that step through
 * time: many short windows at once train many times faster than one long one.
 *
 * @example The shapes of a batch's windows
 * ```ts
 * import type { NeuralDataset } from "rxephys";
 * import { windowBatch } from "rxephys/models";
 *
 * async function show(dataset: NeuralDataset): Promise<void> {
 *   for await (const batch of dataset.batches({ size: 4 })) {
 *     const { stims, targets, repeats } = windowBatch(batch);
 *     console.log(stims.shape, targets.shape, repeats.shape);
 *   }
 * }
 * ```
 *
 * @throws {RangeError} If an option is outside its range, or stimuli are waveforms.
 */
export function windowBatch(
  { stims, responses, validMask }: Batch,
  options: WindowOptions = {},
): BatchWindows {
  const { bins, before } = checked(options);
  if (stims.shape.length !== 4) {
    throw new RangeError(
      `Cannot ${ACT}: stimuli are waveforms, expected spectrograms`,
    );
  }
  const [B = 0, , F = 0, stimBins = 0] = stims.shape;
  const [, N = 0, R = 0, T = 0] = responses.shape;
  const perStim = Math.ceil(T / bins);
  const length = before + bins;
  const [count, size] = [B * perStim, B * perStim * bins * N];
  const heard = new Float32Array(count * length * F);
  const targets = new Float32Array(size);
  const repeats = new Float32Array(size);
  for (let window = 0; window < count; window++) {
    const b = Math.floor(window / perStim);
    const first = window % perStim * bins - before;
    for (let i = 0; i < length; i++) {
      const t = first + i;
      if (t < 0 || t >= Math.min(T, stimBins)) continue;
      for (let f = 0; f < F; f++) {
        heard[(window * length + i) * F + f] = stims
          .data[(b * F + f) * stimBins + t] as number;
      }
      if (i < before) continue;
      for (let n = 0; n < N; n++) {
        const at = (window * bins + i - before) * N + n;
        let [sum, valid] = [0, 0];
        for (let r = 0; r < R; r++) {
          const from = ((b * N + n) * R + r) * T + t;
          // NaN times 0 is NaN: a value that is not valid is not read.
          if (validMask.data[from] === 0) continue;
          sum += responses.data[from] as number;
          valid++;
        }
        repeats[at] = valid;
        if (valid > 0) targets[at] = sum / valid;
      }
    }
  }
  const shape = [count, bins, N];
  return {
    stims: { data: heard, shape: [count, length, F] },
    targets: { data: targets, shape },
    repeats: { data: repeats, shape },
  };
}

/**
 * Joins the outputs for the windows of a batch to predictions, which metrics take.
 *
 * @param outputs Outputs `(M, bins, N)` in C order.
 * @param batch The batch that the windows were cut from.
 * @param options As for {@linkcode windowBatch}.
 * @returns Predictions `(B, N, T)`.
 * @throws {RangeError} If the number of outputs does not fit.
 */
export function joinWindows(
  outputs: ArrayLike<number>,
  { responses: { shape, dtMs } }: Batch,
  options: WindowOptions = {},
): Tensor {
  const { bins } = checked(options);
  const [B = 0, N = 0, , T = 0] = shape;
  const perStim = Math.ceil(T / bins);
  const expected = B * perStim * bins * N;
  if (outputs.length !== expected) {
    throw new RangeError(
      `Cannot join windows: number of outputs is ${outputs.length}, expected ` +
        `${expected} of ${B * perStim} windows of ${bins} bins and ${N} cells`,
    );
  }
  const data = new Float32Array(B * N * T);
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      const window = b * perStim + Math.floor(t / bins);
      for (let n = 0; n < N; n++) {
        data[(b * N + n) * T + t] =
          outputs[(window * bins + t % bins) * N + n] as number;
      }
    }
  }
  return { data, shape: [B, N, T], ...(dtMs !== undefined && { dtMs }) };
}

function checked(options: WindowOptions): Required<WindowOptions> {
  checkOptions<WindowOptions>(ACT, options, ["bins", "before"]);
  const { bins = 100, before = 20 } = options;
  checkCount(ACT, "bins", bins, 1);
  checkCount(ACT, "before", before, 0);
  return { bins, before };
}
