import { ArchiveError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import type { Limits } from "../../base/limits.ts";
import type { Loaded } from "../shared/session_cache.ts";
import { checkStimJson, readChans } from "./_channels.ts";
import { readEpochs } from "./_epochs.ts";
import {
  checkTrains,
  type LoadedStimulus,
  readSpikes,
  readStimuli,
  type SpikeTrains,
} from "./_arrays.ts";
import type { Epoch } from "./_raster.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";
import {
  missing,
  placeOf,
  type UnitMember,
  unitMembers,
} from "./_recording.ts";

/** What is held of a recording while it is in use. */
export interface LoadedRecording {
  /** By name, in code-unit order. */
  readonly stimuli: ReadonlyMap<string, LoadedStimulus>;
  /** When each name was on, repeats in the order of rows. */
  readonly epochs: ReadonlyMap<string, readonly Epoch[]>;
  /** Spike times in s, ascending, of the cells asked for that it lists. */
  readonly spikes: ReadonlyMap<string, Float64Array>;
  /** Where epochs and stimuli lie, as warnings name it. */
  readonly places: {
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

/** What was decoded so far: each file once, in whatever order they come. */
interface Parts {
  chans?: readonly string[];
  epochs?: LoadedRecording["epochs"];
  stimuli?: LoadedRecording["stimuli"];
  trains?: SpikeTrains;
  readonly places: Map<Suffix, MemberPlace>;
}

/**
 * Reads a whole recording; every file is decoded as it arrives and let go.
 *
 * @param cells The cells whose spikes are wanted.
 * @throws {ArchiveError} If a file is missing or there twice.
 * @throws {FormatError} If a file is not what its format demands.
 * @throws {RecordingError} If a value is not finite.
 */
export async function loadRecording(
  release: WingertRelease,
  unit: StoredRecording,
  cells: ReadonlySet<string>,
  options: ReadOptions,
): Promise<Loaded<LoadedRecording>> {
  const parts: Parts = { places: new Map() };
  release.archive.expect([unit.path]);
  for await (const member of unitMembers(release, unit, SUFFIXES, options)) {
    addMember(parts, member, cells, release.archive.limits);
  }
  const value = recordingOf(parts, placeOf(release, unit));
  return { value, bytes: bytesOf(value) };
}

function addMember(
  parts: Parts,
  { bytes, place }: UnitMember,
  cells: ReadonlySet<string>,
  limits: Limits,
): void {
  const suffix = SUFFIXES.find((end) => place.member.endsWith(end)) as Suffix;
  if (parts.places.has(suffix)) {
    const text = `Cannot read recording: member *${suffix} is there twice`;
    throw new ArchiveError(text, place);
  }
  parts.places.set(suffix, place);
  switch (suffix) {
    case ".resp.h5":
      parts.trains = readSpikes(bytes, cells, place, limits);
      break;
    case ".resp.json":
      parts.chans = readChans(bytes, place, limits);
      break;
    case ".resp.epoch.csv":
      parts.epochs = readEpochs(bytes, place, limits);
      break;
    case ".stim.h5":
      parts.stimuli = readStimuli(bytes, place, limits);
      break;
    case ".stim.json":
      checkStimJson(bytes, place, limits);
  }
}

function recordingOf(parts: Parts, place: MemberPlace): LoadedRecording {
  const { chans, epochs, stimuli, trains, places } = parts;
  if (trains === undefined) throw missing(".resp.h5", place);
  if (chans === undefined) throw missing(".resp.json", place);
  if (epochs === undefined) throw missing(".resp.epoch.csv", place);
  if (stimuli === undefined) throw missing(".stim.h5", place);
  checkTrains(trains, chans, placeAt(".resp.h5"));
  const spikes = new Map(
    [...trains.spikes].filter(([cell]) => chans.includes(cell)),
  );
  return {
    stimuli,
    epochs,
    spikes,
    places: {
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
