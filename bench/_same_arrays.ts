import { readArrays } from "./_arrays_file.ts";
import { linesOf } from "./_files.ts";
import { itemAt } from "../tests/support/item_at.ts";

/** Bound for float32 responses of two float64 methods, as a fraction of the maximum. */
const RESPONSE_TOLERANCE = 1e-5;
/** Bound in dB, for bins above the level below which rounding decides. */
const LEVEL_TOLERANCE = 1e-4;
const LEAST_LEVEL = -160;

/**
 * Throws if two results differ: tables must be equal, arrays equal bit by bit or
 * within the bounds of the golden files.
 */
export async function checkSameArrays(
  prefix: string,
  otherPrefix: string,
  demand: "bits" | "bounds",
): Promise<void> {
  const own = await readArrays(prefix);
  const other = await readArrays(otherPrefix);
  if (JSON.stringify(own.table) !== JSON.stringify(other.table)) {
    throw new Error(`${prefix}.json and ${otherPrefix}.json differ`);
  }
  const levels = itemAt(own.table.responses, 0).offset;
  for (let i = 0; i < own.floats.length; i++) {
    const [a, b] = [own.floats[i] as number, other.floats[i] as number];
    if (Object.is(a, b)) continue;
    const isClose = demand === "bounds" &&
      (i < levels
        ? Math.abs(a - b) <= LEVEL_TOLERANCE || Math.max(a, b) < LEAST_LEVEL
        : Math.abs(a - b) <= RESPONSE_TOLERANCE * greatest(own.floats, levels));
    if (!isClose) throw new Error(`Value ${i} is ${a} and ${b}`);
  }
}

/**
 * Throws if the arrays of NDJSON lines differ from those of a dataset. A dataset
 * cuts a stimulus and its responses to the bins that all sessions share, so its
 * rows are prefixes of the lines.
 */
export async function checkSameLines(
  path: string,
  prefix: string,
): Promise<void> {
  const { table, floats } = await readArrays(prefix);
  const cells = new Map<string, typeof table.responses[number]>();
  for (const one of table.responses) cells.set(`${one.stim},${one.cell}`, one);
  let lines = 0;
  for await (const line of linesOf(path)) {
    const { type, stimulus, cell, shape, data } = JSON.parse(line);
    const listed = type === "stimulus"
      ? table.stims[stimulus]
      : cells.get(`${stimulus},${cell}`);
    const { buffer } = Uint8Array.fromBase64(data);
    const there = new Float32Array(buffer);
    if (!listed || !holdsRows(there, shape, floats, listed)) {
      throw new Error(`${type} ${stimulus}, ${cell} is not the dataset's`);
    }
    lines++;
  }
  const expected = table.stims.length + table.responses.length;
  if (lines !== expected) throw new Error(`${lines} lines of ${expected}`);
}

function holdsRows(
  values: Float32Array,
  shape: readonly number[],
  floats: Float32Array,
  cut: { readonly shape: readonly number[]; readonly offset: number },
): boolean {
  const [width, cutWidth] = [shape.at(-1) ?? 0, cut.shape.at(-1) ?? 0];
  const rows = values.length / width;
  if (rows !== floatsIn(cut.shape) / cutWidth || cutWidth > width) return false;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < cutWidth; i++) {
      const expected = floats[cut.offset + row * cutWidth + i];
      if (!Object.is(values[row * width + i], expected)) return false;
    }
  }
  return true;
}

function floatsIn(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function greatest(floats: Float32Array, from: number): number {
  let most = 0;
  for (let i = from; i < floats.length; i++) {
    most = Math.max(most, Math.abs(floats[i] as number));
  }
  return most;
}
