import type { StimMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { LimitError } from "../errors.ts";
import { printable } from "../base/printable.ts";
import { isHeard } from "./_response_table.ts";
import { tensorText } from "./texts.ts";

/**
 * Stimuli of a dataset padded to common shapes: B stimuli, N selected cells, and
 * the largest number of repeats R and bins T.
 */
export interface Batch {
  /** Stimuli `(B, 1, F, T)` or `(B, 1, T * samplesPerBin)`, zero past the end. */
  readonly stims: Tensor;
  /** Responses `(B, N, R, T)`, NaN for missing ones. */
  readonly responses: Tensor;
  /** 1 where a response is a number, 0 where it is NaN: `(B, N, R, T)`. */
  readonly validMask: Tensor;
  /** Metadata of the B stimuli. */
  readonly stimMeta: readonly StimMeta[];
  /** Indices of the B stimuli in the dataset. */
  readonly indices: readonly number[];
}

/** Bounds of a batch. */
export interface BatchBounds {
  /** Repeats of a response, the first ones. */
  readonly maxRepeats: number;
  /** Bytes of a batch. */
  readonly maxBytes: number;
}

/** Fields of a dataset that batches are made of. */
export interface BatchSource {
  readonly stims: readonly Tensor[];
  readonly responses: readonly (readonly Tensor[])[];
  readonly stimMeta: readonly StimMeta[];
  readonly dt: number;
}

/**
 * Makes one batch of new arrays.
 *
 * @param source Dataset.
 * @param indices Stimuli of the batch, at least one.
 * @param neurons Cells of the batch.
 * @throws {LimitError} If the batch takes too many bytes, before it takes them.
 */
export function collate(
  source: BatchSource,
  indices: readonly number[],
  neurons: readonly number[],
  { maxRepeats, maxBytes }: BatchBounds,
): Batch {
  const rows = indices.map((s) =>
    neurons.map((n) =>
      firstRepeats(source.responses[s]?.[n] as Tensor, maxRepeats)
    )
  );
  const stims = indices.map((s) => source.stims[s] as Tensor);
  checkBytes(rows, stims, maxBytes);
  const responses = paddedResponses(rows, source.dt);
  const { unit: _, ...shared } = responses;
  const mask = { ...shared, data: validity(responses.data) };
  return printable({
    stims: paddedStims(stims),
    responses,
    validMask: printable(mask, tensorText),
    stimMeta: indices.map((s) => source.stimMeta[s] as StimMeta),
    indices,
  }, batchText);
}

/** Text of a batch. */
function batchText({ stims, responses, indices }: Batch): string {
  return [
    `Batch of stimuli ${indices.join(", ")}`,
    `  stims      ${tensorText(stims)}`,
    `  responses  ${tensorText(responses)}`,
  ].join("\n");
}

/** The first repeats of a response; they share its array. */
function firstRepeats(response: Tensor, most: number): Tensor {
  const [repeats = 0, bins = 0] = response.shape;
  if (repeats <= most) return response;
  const data = response.data.subarray(0, most * bins);
  return { ...response, data, shape: [most, bins] };
}

function checkBytes(
  rows: readonly (readonly Tensor[])[],
  stims: readonly Tensor[],
  maxBytes: number,
): void {
  const all = rows.flat();
  const shape = [
    rows.length,
    all.length / rows.length,
    longest(all, 0),
    longest(all, 1),
  ];
  const stimulus = stims.reduce(
    (most, { data }) => Math.max(most, data.length),
    0,
  );
  // Responses, their mask, and stimuli, four bytes a value.
  const values = 2 * shape.reduce((a, b) => a * b, 1) + rows.length * stimulus;
  if (4 * values <= maxBytes) return;
  throw new LimitError(
    `Cannot make batches: responses of (${shape.join(", ")}) take ` +
      `${4 * values} bytes with mask and stimuli, maxBytes is ${maxBytes}; ` +
      "select fewer cells, lower size or maxRepeats, or raise maxBytes",
  );
}

function paddedStims(stims: readonly Tensor[]): Tensor {
  const first = stims[0] as Tensor;
  const lead = first.shape.slice(0, -1);
  const rows = lead.reduce((a, b) => a * b, 1);
  const length = longest(stims, lead.length);
  const data = new Float32Array(stims.length * rows * length);
  for (const [b, stim] of stims.entries()) {
    copyRows(stim, data, b * rows * length, length);
  }
  const shape = [stims.length, ...lead, length];
  return printable({ ...first, data, shape }, tensorText);
}

function paddedResponses(
  rows: readonly (readonly Tensor[])[],
  dtMs: number,
): Tensor {
  const all = rows.flat();
  const [repeats, bins] = [longest(all, 0), longest(all, 1)];
  const block = repeats * bins;
  const data = new Float32Array(all.length * block).fill(NaN);
  for (const [i, response] of all.entries()) {
    copyRows(response, data, i * block, bins);
  }
  const shape = [rows.length, rows[0]?.length ?? 0, repeats, bins];
  const [unit, ...others] = new Set(
    all.filter(isHeard).map((response) => response.unit),
  );
  return printable({
    data,
    shape,
    ...(unit !== undefined && others.length === 0 && { unit }),
    dtMs,
  }, tensorText);
}

function longest(tensors: readonly Tensor[], axis: number): number {
  return tensors.reduce(
    (most, { shape }) => Math.max(most, shape[axis] ?? 0),
    0,
  );
}

function copyRows(
  { data, shape }: Tensor,
  into: Float32Array,
  at: number,
  stride: number,
): void {
  const length = shape.at(-1) ?? 0;
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
