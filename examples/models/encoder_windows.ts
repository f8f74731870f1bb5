import type { Batch, Tensor } from "rxephys";
import type { EncoderScale } from "./encoder_scale.ts";

/** Predicted bins of a window. */
const BINS = 100;
/** Bins before those: the network hears them, and its output there is ignored. */
const CONTEXT = 20;

/** A batch cut into windows, M of them with L bins each. */
export interface EncoderWindows {
  /** `[M, L, F]`. */
  readonly shape: [windows: number, bins: number, bands: number];
  /** Stimuli `(M, L, F)`, scaled. */
  readonly stims: Float32Array;
  /** Mean over the valid repeats `(M, L)`, scaled; 0 where there are none. */
  readonly targets: Float32Array;
  /** Number of valid repeats `(M, L)`. */
  readonly weights: Float32Array;
}

/**
 * Cuts a batch of one cell into windows. A network that steps through many short
 * windows at a time is that many times faster than on one long window.
 */
export function windowsOf(batch: Batch, scale: EncoderScale): EncoderWindows {
  const { shape: [stims = 0, , bands = 0, stimBins = 0], data } = batch.stims;
  const perStim = windowsPerStim(batch);
  const shape: EncoderWindows["shape"] = [
    stims * perStim,
    CONTEXT + BINS,
    bands,
  ];
  const out = {
    shape,
    stims: new Float32Array(shape[0] * shape[1] * bands),
    targets: new Float32Array(shape[0] * shape[1]),
    weights: new Float32Array(shape[0] * shape[1]),
  };
  for (let row = 0; row < out.targets.length; row++) {
    const { stim, bin, isPredicted } = placeOf(row, perStim);
    if (bin < 0 || bin >= (batch.responses.shape[3] as number)) continue;
    for (let f = 0; f < bands; f++) {
      const level = data[(stim * bands + f) * stimBins + bin] as number;
      out.stims[row * bands + f] = (level - (scale.stimMeans[f] as number)) /
        (scale.stimDeviations[f] as number);
    }
    if (!isPredicted) continue;
    const { mean, count } = validMean(batch, stim, bin);
    if (count === 0) continue;
    out.weights[row] = count;
    out.targets[row] = (mean - scale.responseMean) / scale.responseDeviation;
  }
  return out;
}

/** Joins the outputs in the windows of a batch, in the response's unit: `(B, 1, T)`. */
export function joinedWindows(
  answers: ArrayLike<number>,
  batch: Batch,
  { responseMean, responseDeviation }: EncoderScale,
): Tensor {
  const { shape: [stims = 0, , , bins = 0], dtMs } = batch.responses;
  const perStim = windowsPerStim(batch);
  const data = new Float32Array(stims * bins);
  for (let row = 0; row < answers.length; row++) {
    const { stim, bin, isPredicted } = placeOf(row, perStim);
    if (!isPredicted || bin >= bins) continue;
    data[stim * bins + bin] = responseMean +
      responseDeviation * (answers[row] as number);
  }
  return { data, shape: [stims, 1, bins], ...(dtMs && { dtMs }) };
}

function windowsPerStim({ responses }: Batch): number {
  return Math.ceil((responses.shape[3] as number) / BINS);
}

/** Stimulus and bin of a row of the windows. */
function placeOf(
  row: number,
  perStim: number,
): { stim: number; bin: number; isPredicted: boolean } {
  const window = Math.floor(row / (CONTEXT + BINS));
  const at = row % (CONTEXT + BINS) - CONTEXT;
  return {
    stim: Math.floor(window / perStim),
    bin: window % perStim * BINS + at,
    isPredicted: at >= 0,
  };
}

/** Mean of the valid repeats; the others are skipped, since NaN times 0 is NaN. */
function validMean(
  { responses: { data, shape: [, , repeats = 0, bins = 0] }, validMask }: Batch,
  stim: number,
  bin: number,
): { mean: number; count: number } {
  let sum = 0;
  let count = 0;
  for (let r = 0; r < repeats; r++) {
    const at = (stim * repeats + r) * bins + bin;
    if (validMask.data[at] === 0) continue;
    sum += data[at] as number;
    count++;
  }
  return { mean: sum / count, count };
}
