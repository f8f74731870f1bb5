import type { StimMeta } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { Batch } from "./batch.ts";

/** The fields of a dataset that a batch is made of. */
export interface BatchSource {
  readonly stims: readonly Tensor[];
  readonly responses: readonly (readonly Tensor[])[];
  readonly stimMeta: readonly StimMeta[];
  readonly dt: number;
}

/**
 * One batch, in arrays of its own.
 *
 * @param source The dataset.
 * @param indices Its stimuli, at least one.
 * @param neurons Its cells.
 */
export function collate(
  source: BatchSource,
  indices: readonly number[],
  neurons: readonly number[],
): Batch {
  const rows = indices.map((s) => neurons.map((n) => source.responses[s][n]));
  const responses = paddedResponses(rows, source.dt);
  return {
    stims: paddedStims(indices.map((s) => source.stims[s])),
    responses,
    validMask: { ...responses, data: validity(responses.data) },
    stimMeta: indices.map((s) => source.stimMeta[s]),
    indices,
  };
}

function paddedStims(stims: readonly Tensor[]): Tensor {
  const lead = stims[0].shape.slice(0, -1);
  const rows = lead.reduce((a, b) => a * b, 1);
  const length = longest(stims, lead.length);
  const data = new Float32Array(stims.length * rows * length);
  for (const [b, stim] of stims.entries()) {
    copyRows(stim, data, b * rows * length, length);
  }
  return { ...stims[0], data, shape: [stims.length, ...lead, length] };
}

function paddedResponses(
  rows: readonly (readonly Tensor[])[],
  dtMs: number,
): Tensor {
  const all = rows.flat();
  const shape = [
    rows.length,
    rows[0].length,
    longest(all, 0),
    longest(all, 1),
  ];
  const block = shape[2] * shape[3];
  const data = new Float32Array(all.length * block).fill(NaN);
  for (const [i, response] of all.entries()) {
    copyRows(response, data, i * block, shape[3]);
  }
  return { data, shape, dtMs };
}

function longest(tensors: readonly Tensor[], axis: number): number {
  return tensors.reduce((most, { shape }) => Math.max(most, shape[axis]), 0);
}

function copyRows(
  { data, shape }: Tensor,
  into: Float32Array,
  at: number,
  stride: number,
): void {
  const length = shape[shape.length - 1];
  for (let from = 0; from < data.length; from += length, at += stride) {
    into.set(data.subarray(from, from + length), at);
  }
}

function validity(values: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    // NaN alone differs from itself.
    out[i] = values[i] === values[i] ? 1 : 0;
  }
  return out;
}
