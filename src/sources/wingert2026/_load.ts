import { ArchiveError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import { type Bounds, sessionBounds } from "../../base/limits.ts";
import type { Loaded } from "../shared/session_cache.ts";
import { checkStimJson, readChannels } from "./_channels.ts";
import { type Epoch, readEpochs } from "./_epochs.ts";
import {
  checkTrains,
  type LoadedStimulus,
  readSpikes,
  readStimuli,
  type SpikeTrains,
  type StimulusForm,
} from "./_arrays.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";
import {
  missingFileError,
  placeOf,
  type RecordingFile,
  recordingFiles,
} from "./_recording.ts";

/** Parts of a recording that are held while it is in use. */
export interface LoadedRecording {
  /** Stimuli by name, in code-unit order. */
  readonly stimuli: ReadonlyMap<string, LoadedStimulus>;
  /** Epochs by name, repeats in the order of rows. */
  readonly epochs: ReadonlyMap<string, readonly Epoch[]>;
  /** Spike times in s, ascending, of the requested cells that it lists. */
  readonly spikes: ReadonlyMap<string, Float64Array>;
  /** Cells that it lists. */
  readonly channels: readonly string[];
  /** Places of files, as errors and warnings name them. */
  readonly places: {
    readonly channels: MemberPlace;
    readonly epochs: MemberPlace;
    readonly stimuli: MemberPlace;
  };
}

const SUFFIXES = [
  ".resp.h5",
  ".resp.json",
  ".resp.epoch.csv",
  ".stim.h5",
  ".stim.json",
] as const;

type Suffix = typeof SUFFIXES[number];

/** Parts decoded so far: each file once, in any order. */
interface Parts {
  channels?: readonly string[];
  epochs?: LoadedRecording["epochs"];
  stimuli?: LoadedRecording["stimuli"];
  trains?: SpikeTrains;
  readonly places: Map<Suffix, MemberPlace>;
}

/**
 * Reads a whole recording. Each file is decoded as it arrives and then dropped.
 *
 * @param cells Cells whose spikes are read.
 * @param form Form of the stimuli.
 * @throws {ArchiveError} If a file is missing or there twice.
 * @throws {FormatError} If a file is not what its format demands.
 * @throws {RecordingError} If a value is not finite, or a time out of range.
 * @throws {LimitError} If it is larger than the limits allow.
 */
export async function loadRecording(
  release: WingertRelease,
  recording: StoredRecording,
  cells: ReadonlySet<string>,
  form: StimulusForm,
  options: ReadOptions,
): Promise<Loaded<LoadedRecording>> {
  const bounds = sessionBounds("read recording", release.archive.limits);
  const parts: Parts = { places: new Map() };
  release.archive.expect([recording.path]);
  const files = recordingFiles(release, recording, SUFFIXES, options);
  for await (const file of files) {
    await addFile(parts, file, { cells, form }, bounds);
  }
  const value = recordingOf(parts, placeOf(release, recording));
  return { value, bytes: bytesOf(value) };
}

async function addFile(
  parts: Parts,
  { bytes, place }: RecordingFile,
  { cells, form }: { cells: ReadonlySet<string>; form: StimulusForm },
  bounds: Bounds,
): Promise<void> {
  const { limits } = bounds;
  const suffix = SUFFIXES.find((end) => place.member.endsWith(end)) as Suffix;
  if (parts.places.has(suffix)) {
    const text = `Cannot read recording: member *${suffix} is there twice`;
    throw new ArchiveError(text, place);
  }
  parts.places.set(suffix, place);
  switch (suffix) {
    case ".resp.h5":
      parts.trains = readSpikes(bytes, cells, place, bounds);
      break;
    case ".resp.json":
      parts.channels = readChannels(bytes, place, limits);
      break;
    case ".resp.epoch.csv":
      parts.epochs = await readEpochs(bytes, place, bounds);
      break;
    case ".stim.h5":
      parts.stimuli = readStimuli(bytes, form, place, bounds);
      break;
    case ".stim.json":
      checkStimJson(bytes, place, limits);
  }
}

function recordingOf(parts: Parts, place: MemberPlace): LoadedRecording {
  const { channels, epochs, stimuli, trains, places } = parts;
  if (trains === undefined) throw missingFileError(".resp.h5", place);
  if (channels === undefined) throw missingFileError(".resp.json", place);
  if (epochs === undefined) throw missingFileError(".resp.epoch.csv", place);
  if (stimuli === undefined) throw missingFileError(".stim.h5", place);
  checkTrains(trains, channels, placeAt(".resp.h5"));
  const listed = new Set(channels);
  const spikes = new Map(
    [...trains.spikes].filter(([cell]) => listed.has(cell)),
  );
  return {
    stimuli,
    epochs,
    spikes,
    channels,
    places: {
      channels: placeAt(".resp.json"),
      epochs: placeAt(".resp.epoch.csv"),
      stimuli: placeAt(".stim.h5"),
    },
  };

  function placeAt(suffix: Suffix): MemberPlace {
    return places.get(suffix) ?? place;
  }
}

function bytesOf({ stimuli, spikes }: LoadedRecording): number {
  let bytes = 0;
  for (const { data } of stimuli.values()) bytes += data.byteLength;
  for (const times of spikes.values()) bytes += times.byteLength;
  return bytes;
}
