import {
  type DataErrorPlace,
  FormatError,
  RecordingError,
} from "../../errors.ts";
import { type Hdf5File, openHdf5 } from "../../formats/hdf5/hdf5.ts";
import { type Bounds, sessionBounds } from "../../base/limits.ts";
import { firstBeyond, firstNonFinite } from "../../base/numbers.ts";
import { ascending, MOST_S } from "./_epochs.ts";

/** Bands of each stimulus. */
export const BANDS = 32;

/** Lowest and highest frequency of the bands in Hz. */
export const BAND_RANGE_HZ = [200, 20_000] as const;

/** Stimulus of a recording. */
export interface LoadedStimulus {
  /** Values `[32 * T]`, band after band; empty if they were not asked for. */
  readonly data: Float32Array;
  /** T. */
  readonly bins: number;
}

/** Form of the stimuli: as they are in the recordings, or their sounds. */
export type StimulusForm = "spectrogram" | "waveform";

/** Spike trains of a recording. */
export interface SpikeTrains {
  /** Cells that have one. */
  readonly names: ReadonlySet<string>;
  /** Times in s, ascending, of the cells asked for. */
  readonly spikes: ReadonlyMap<string, Float64Array>;
}

/**
 * Reads the spike trains of some cells.
 *
 * @throws {FormatError} If one is no vector.
 * @throws {RecordingError} If a time is not finite, or beyond 10,000,000 s.
 * @throws {LimitError} If the session holds more than the limits allow.
 */
export function readSpikes(
  bytes: Uint8Array,
  cells: ReadonlySet<string>,
  place: DataErrorPlace,
  { limits, budget }: Bounds = sessionBounds("read recording"),
): SpikeTrains {
  using file = openHdf5(bytes, place, limits);
  const spikes = new Map<string, Float64Array>();
  for (const name of file.names.filter((name) => cells.has(name))) {
    const { shape, data } = file.read(name);
    if (shape.length !== 1) throw shapeError(name, shape, "T", place);
    budget.take(data.byteLength, place);
    const odd = firstBeyond(data, MOST_S);
    if (odd >= 0) {
      const rule = `a time within ${MOST_S} s`;
      throw valueError(`${name}[${odd}]`, data.at(odd), rule, place);
    }
    spikes.set(name, ascending(data));
  }
  return { names: new Set(file.names), spikes };
}

/** @throws {FormatError} If a listed cell has no spike train. */
export function checkTrains(
  { names }: SpikeTrains,
  channels: readonly string[],
  place: DataErrorPlace,
): void {
  const absent = channels.find((cell) => !names.has(cell));
  if (absent === undefined) return;
  throw new FormatError(
    `Cannot read HDF5: there is no dataset "${absent}", expected one as ` +
      "resp.json lists",
    place,
  );
}

/**
 * Reads all stimuli, in code-unit order of their names.
 *
 * @param form For `waveform`, only the lengths.
 * @throws {FormatError} If one is not `(32, T)`.
 * @throws {RecordingError} If a value is not finite as float32.
 * @throws {LimitError} If the session holds more than the limits allow.
 */
export function readStimuli(
  bytes: Uint8Array,
  form: StimulusForm,
  place: DataErrorPlace,
  { limits, budget }: Bounds = sessionBounds("read recording"),
): ReadonlyMap<string, LoadedStimulus> {
  using file = openHdf5(bytes, place, limits);
  const stimuli = new Map<string, LoadedStimulus>();
  for (const name of [...file.names].sort()) {
    const stimulus = form === "waveform"
      ? {
        data: new Float32Array(),
        bins: binsOf(name, file.shapeOf(name), place),
      }
      : stimulusOf(name, file, place);
    budget.take(stimulus.data.byteLength, place);
    stimuli.set(name, stimulus);
  }
  return stimuli;
}

function stimulusOf(
  name: string,
  file: Hdf5File,
  place: DataErrorPlace,
): LoadedStimulus {
  const { shape, data } = file.readFloat32(name);
  const bins = binsOf(name, shape, place);
  const odd = firstNonFinite(data);
  if (odd >= 0) {
    const index = `${name}[${Math.floor(odd / bins)},${odd % bins}]`;
    const value = file.read(name).data.at(odd);
    throw valueError(index, value, "a finite number", place);
  }
  return { data, bins };
}

function binsOf(
  name: string,
  shape: readonly number[],
  place: DataErrorPlace,
): number {
  const [bands, bins = 0] = shape;
  if (shape.length === 2 && bands === BANDS && bins > 0) return bins;
  throw shapeError(name, shape, `${BANDS},T`, place);
}

function shapeError(
  name: string,
  shape: readonly number[],
  expected: string,
  place: DataErrorPlace,
): FormatError {
  return new FormatError(
    `Cannot read HDF5: shape of dataset "${name}" is [${shape}], expected ` +
      `[${expected}]`,
    place,
  );
}

function valueError(
  index: string,
  value: number | undefined,
  rule: string,
  place: DataErrorPlace,
): RecordingError {
  return new RecordingError(
    `Cannot read recording: ${index} is ${value}, expected ${rule}`,
    place,
  );
}
