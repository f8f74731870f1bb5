import {
  type DataErrorPlace,
  FormatError,
  RecordingError,
} from "../../errors.ts";
import { type Hdf5File, openHdf5 } from "../../formats/hdf5/hdf5.ts";
import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
import { firstNonFinite } from "../../base/numbers.ts";
import { ascending } from "./_epochs.ts";

/** Bands of each stimulus. */
export const BANDS = 32;

/** Stimulus of a recording. */
export interface LoadedStimulus {
  /** Values `[32 * T]`, band after band. */
  readonly data: Float32Array;
  /** T. */
  readonly bins: number;
}

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
 * @throws {RecordingError} If a time is not finite.
 */
export function readSpikes(
  bytes: Uint8Array,
  cells: ReadonlySet<string>,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): SpikeTrains {
  using file = openHdf5(bytes, place, limits);
  const spikes = new Map<string, Float64Array>();
  for (const name of file.names.filter((name) => cells.has(name))) {
    const { shape, data } = file.read(name);
    if (shape.length !== 1) throw shapeError(name, shape, "T", place);
    const odd = firstNonFinite(data);
    if (odd >= 0) throw valueError(`${name}[${odd}]`, data.at(odd), place);
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
 * @throws {FormatError} If one is not `(32, T)`.
 * @throws {RecordingError} If a value is not finite as float32.
 */
export function readStimuli(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): ReadonlyMap<string, LoadedStimulus> {
  using file = openHdf5(bytes, place, limits);
  return new Map(
    [...file.names].sort().map((name) => [
      name,
      stimulusOf(name, file, place),
    ]),
  );
}

function stimulusOf(
  name: string,
  file: Hdf5File,
  place: DataErrorPlace,
): LoadedStimulus {
  const { shape, data } = file.readFloat32(name);
  const [bands, bins = 0] = shape;
  if (shape.length !== 2 || bands !== BANDS || bins === 0) {
    throw shapeError(name, shape, `${BANDS},T`, place);
  }
  const odd = firstNonFinite(data);
  if (odd >= 0) {
    const index = `${name}[${Math.floor(odd / bins)},${odd % bins}]`;
    throw valueError(index, file.read(name).data.at(odd), place);
  }
  return { data, bins };
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
  place: DataErrorPlace,
): RecordingError {
  return new RecordingError(
    `Cannot read recording: ${index} is ${value}, expected a finite number`,
    place,
  );
}
