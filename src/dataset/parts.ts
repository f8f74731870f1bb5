import type { CellMeta, GateTally, StimMeta } from "../session.ts";
import { type Tensor, timeBins } from "../tensor.ts";
import { firstNonFinite } from "../base/numbers.ts";
import { checkCount } from "../base/check.ts";

const ACT = "make a dataset";

/**
 * Refuses parts that contradict one another.
 *
 * @throws {RangeError} If a shape, bin width, count or index does not fit.
 */
export function checkParts(parts: NeuralDatasetParts): void {
  const { stims, stimMeta, nrnMeta, pairs } = parts;
  checkCount(ACT, "number of stimuli", stims.length, 1);
  checkCount(ACT, "number of cells", nrnMeta.length, 1);
  expect("length of stimMeta", stimMeta.length, stims.length);
  checkKeys(parts.stimKeys, stims.length);
  for (const [s, stim] of stims.entries()) {
    checkStimulus(stim, s, stims[0] as Tensor);
  }
  const seen = new Set<number>();
  for (const pair of pairs) {
    checkPair(pair, parts);
    const place = pair.stim * nrnMeta.length + pair.cell;
    if (seen.has(place)) {
      refuse(`pair of ${nameOf(pair)}`, "given twice", "each pair once");
    }
    seen.add(place);
  }
}

function checkKeys(keys: readonly string[] | undefined, count: number): void {
  if (keys === undefined) return;
  expect("length of stimKeys", keys.length, count);
  const seen = new Set<string>();
  for (const [s, key] of keys.entries()) {
    if (seen.has(key)) {
      refuse(`stimKeys[${s}]`, `${key} twice`, "each key once");
    }
    seen.add(key);
  }
}

function checkStimulus(stim: Tensor, s: number, first: Tensor): void {
  const { shape, dtMs, samplesPerBin, bandsHz } = stim;
  const isWaveform = samplesPerBin !== undefined;
  const fits = shape.length === (isWaveform ? 2 : 3) && shape[0] === 1;
  if (!fits || !holdsShape(stim) || !Number.isInteger(timeBins(stim))) {
    refuse(
      `shape of stimulus ${s}`,
      `${shape} of ${stim.data.length} values`,
      isWaveform ? `1,T * ${samplesPerBin}` : "1,F,T",
    );
  }
  if (bandsHz !== undefined && bandsHz.length !== shape[1]) {
    refuse(`length of bandsHz of stimulus ${s}`, bandsHz.length, `${shape[1]}`);
  }
  if (!(dtMs !== undefined && dtMs > 0 && dtMs < Infinity)) {
    refuse(`dtMs of stimulus ${s}`, dtMs, "a number above 0");
  }
  expect(`dtMs of stimulus ${s}`, dtMs, first.dtMs, "as stimulus 0");
  expect(
    `samplesPerBin of stimulus ${s}`,
    samplesPerBin,
    first.samplesPerBin,
    "as stimulus 0",
  );
  const bands = first.shape[1];
  if (!isWaveform) {
    expect(`F of stimulus ${s}`, shape[1], bands, "as stimulus 0");
  }
}

function checkPair(pair: Pair, { stims, nrnMeta }: NeuralDatasetParts): void {
  const { stim, cell, response } = pair;
  checkCount(ACT, "stim of a pair", stim, 0, stims.length - 1);
  checkCount(ACT, "cell of a pair", cell, 0, nrnMeta.length - 1);
  const [repeats = 0, bins = 0] = response.shape;
  const stimulus = stims[stim] as Tensor;
  const expected = timeBins(stimulus);
  const fits = response.shape.length === 2 && repeats >= 1 && bins === expected;
  if (!fits || !holdsShape(response)) {
    refuse(
      `shape of the response of ${nameOf(pair)}`,
      `${response.shape} of ${response.data.length} values`,
      `R,${expected}`,
    );
  }
  const { dtMs = stimulus.dtMs } = response;
  expect(`dtMs of the response of ${nameOf(pair)}`, dtMs, stimulus.dtMs);
  const missing = firstNonFinite(response.data);
  if (missing < 0) return;
  refuse(
    `bin ${missing % bins} of repeat ${Math.floor(missing / bins)} of the ` +
      `response of ${nameOf(pair)}`,
    response.data[missing],
    "a finite number, or no such pair",
  );
}

function holdsShape({ data, shape }: Tensor): boolean {
  return data.length === shape.reduce((a, b) => a * b, 1);
}

function nameOf({ stim, cell }: Pair): string {
  return `cell ${cell} to stimulus ${stim}`;
}

function expect(
  name: string,
  value: unknown,
  expected: unknown,
  reason?: string,
): void {
  if (value === expected) return;
  refuse(name, value, reason ? `${expected} ${reason}` : String(expected));
}

function refuse(name: string, value: unknown, rule: string): never {
  throw new RangeError(`Cannot ${ACT}: ${name} is ${value}, expected ${rule}`);
}

/** Responses of one cell to one stimulus. */
export interface Pair {
  /** Index of the stimulus. */
  readonly stim: number;
  /** Index of the cell. */
  readonly cell: number;
  /** Responses `(R, T)`; `unit`, if any, is the unit of the samples. */
  readonly response: Tensor;
}

/** Content of a dataset: see `NeuralDataset.fromPairs`. */
export interface NeuralDatasetParts {
  /**
   * One tensor per stimulus: spectrograms `(1, F, T)` of one F, or waveforms
   * `(1, T * samplesPerBin)` of one `samplesPerBin`; all of one `dtMs`.
   */
  readonly stims: readonly Tensor[];
  /**
   * Key of each stimulus, the same in every dataset that has the stimulus.
   *
   * @default a hash of each stimulus and its metadata
   */
  readonly stimKeys?: readonly string[];
  /** Metadata of each stimulus. */
  readonly stimMeta: readonly StimMeta[];
  /** Metadata of each cell. */
  readonly nrnMeta: readonly CellMeta[];
  /** Pairs that were presented, each once. */
  readonly pairs: readonly Pair[];
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}
