import { FormatError, UnsupportedError } from "../../errors.ts";
import type { Hdf5Group } from "./hdf5/model.ts";
import {
  numberAttribute,
  type NwbFile,
  plainPath,
  textAttribute,
  typeOf,
} from "./_nwb_file.ts";

/** Rows of a series, such as a reference names them. */
export interface SeriesRange {
  /** Path of the series. */
  readonly path: string;
  readonly start: number;
  /** Number of samples; all from `start` on if it is negative. */
  readonly count: number;
}

/** A time series without its samples. */
export interface Series {
  readonly path: string;
  readonly type: string;
  readonly description: string;
  /** Samples per channel. */
  readonly length: number;
  /** Channels; null if the data have one axis. */
  readonly channels: number | null;
  readonly rateHz: number;
  /** Time of the first sample in s. */
  readonly startS: number;
  /** Whether times are stored one by one. */
  readonly hasTimestamps: boolean;
  readonly unit: string;
  readonly conversion: number;
  readonly offset: number;
  readonly channelConversion: readonly number[] | null;
  /** Rows of the table of electrodes, one per channel; or the path of one. */
  readonly electrodes: readonly number[] | string | null;
}

/** Samples before or after which a time still counts as that of a sample. */
const TOLERANCE = 1e-4;
/** Timestamps by which a rate is estimated. */
const ESTIMATED = 4096;
/** Longest distance of two timestamps, in samples: at two, one is missing. */
const MOST_DISTANCE = 1.5;

/** Whether a group is a time series with stored samples. */
export function isSeries({ members }: Hdf5Group): boolean {
  const data = members.get("data")?.kind;
  // Data in another file are refused when they are read.
  return (data === "dataset" || data === "external") &&
    (members.has("starting_time") || members.has("timestamps"));
}

/** Whether a series has samples of channels, not images or whole arrays. */
export async function isSampled(file: NwbFile, path: string): Promise<boolean> {
  const group = await file.group(path);
  if (group === null || !isSeries(group)) return false;
  if (group.members.get("data")?.kind === "external") return true;
  const data = await file.dataset(`${path}/data`);
  return data !== null && isNumber(data.type.kind) &&
    (data.shape.length === 1 || data.shape.length === 2);
}

/** Attributes of series that are read; others take as much time each. */
const GROUP_ATTRIBUTES = [
  ...["neurodata_type", "description"],
  ...["stimulus_description", "sweep_number"],
];
const DATA_ATTRIBUTES = ["unit", "conversion", "offset"];
const START_ATTRIBUTES = ["rate"];
/** Series that are described at once. */
const DESCRIBED = 64;

/** Describes series that will be opened soon. */
export async function describeAhead(
  file: NwbFile,
  paths: Iterable<string>,
): Promise<void> {
  const all = [...new Set(paths)].slice(0, DESCRIBED);
  await file.askAhead(all.flatMap((path) => [
    { what: "group", path, attributes: GROUP_ATTRIBUTES },
    { what: "dataset", path: `${path}/data`, attributes: DATA_ATTRIBUTES },
    {
      what: "dataset",
      path: `${path}/starting_time`,
      attributes: START_ATTRIBUTES,
    },
    { what: "read", path: `${path}/starting_time`, start: 0, stop: 1 },
  ]));
}

/**
 * Opens a time series.
 *
 * @throws {UnsupportedError} If its samples are no numbers `[n]` or
 * `[n, channels]`.
 * @throws {FormatError} If it has neither a rate nor timestamps.
 */
export async function openSeries(
  file: NwbFile,
  path: string,
): Promise<Series> {
  const group = await file.group(path);
  const data = await file.dataset(`${path}/data`);
  if (group === null || data === null) {
    throw new FormatError(
      "Cannot read NWB: it is no time series with data",
      file.at(path),
    );
  }
  const { shape, type: { kind }, attributes } = data;
  if (shape.length < 1 || shape.length > 2 || !isNumber(kind)) {
    throw new UnsupportedError(
      `Cannot read NWB: its data are ${kind} [${shape.join(", ")}], expected ` +
        "numbers [n] or [n, channels]",
      file.at(path),
    );
  }
  const [length = 0, channels = null] = shape;
  const clock = await clockOf(file, path, group, length);
  return {
    ...clock,
    path,
    type: typeOf(group),
    description: textAttribute(group.attributes, "description") ?? "",
    length,
    channels,
    unit: textAttribute(attributes, "unit") ?? "",
    conversion: numberAttribute(attributes, "conversion") ?? 1,
    offset: numberAttribute(attributes, "offset") ?? 0,
    channelConversion: group.members.has("channel_conversion")
      ? Array.from(await file.numbers(`${path}/channel_conversion`))
      : null,
    electrodes: await electrodesOf(file, path, group),
  };
}

function isNumber(kind: string): boolean {
  return kind === "integer" || kind === "float";
}

/** Electrodes of its channels, or the path of its only one. */
async function electrodesOf(
  file: NwbFile,
  path: string,
  { members }: Hdf5Group,
): Promise<readonly number[] | string | null> {
  const electrode = members.get("electrode");
  if (electrode?.kind === "group") {
    return plainPath(electrode.link ?? `${path}/electrode`);
  }
  if (!members.has("electrodes")) return null;
  return Array.from(await file.numbers(`${path}/electrodes`));
}

async function clockOf(
  file: NwbFile,
  path: string,
  { members }: Hdf5Group,
  length: number,
): Promise<Pick<Series, "hasTimestamps" | "rateHz" | "startS">> {
  if (!members.has("timestamps")) {
    const start = await file.dataset(`${path}/starting_time`);
    const rateHz = start && numberAttribute(start.attributes, "rate");
    if (rateHz && rateHz > 0 && rateHz < Infinity) {
      const [startS = NaN] = await file.numbers(`${path}/starting_time`);
      if (Number.isFinite(startS)) {
        return { hasTimestamps: false, rateHz, startS };
      }
    }
    throw new FormatError(
      "Cannot read NWB: it has neither a rate and a start nor timestamps",
      file.at(path),
    );
  }
  const stop = Math.min(length, ESTIMATED);
  const first = await file.numbers(`${path}/timestamps`, { start: 0, stop });
  const rateHz = estimatedRate(first);
  if (length > 0 && rateHz === undefined) {
    throw new FormatError(
      "Cannot read NWB: its timestamps do not rise, or are too few",
      file.at(path),
    );
  }
  return {
    hasTimestamps: true,
    rateHz: rateHz ?? NaN,
    startS: first[0] ?? NaN,
  };
}

/**
 * Rate of timestamps: the longest stretch without a gap, at its mean. A whole
 * number of Hz within the accuracy of the timestamps counts as meant.
 */
function estimatedRate(times: ArrayLike<number>): number | undefined {
  const steps: number[] = [];
  for (let at = 1; at < times.length; at++) {
    steps.push((times[at] as number) - (times[at - 1] as number));
  }
  if (!steps.every((step) => step > 0)) return undefined;
  const median = steps.toSorted((a, b) => a - b)[steps.length >> 1];
  if (median === undefined) return undefined;
  const run = steps.filter((step) => step < MOST_DISTANCE * median);
  const span = run.reduce((sum, step) => sum + step, 0);
  const rate = run.length / span;
  const jitter = run.reduce(
    (most, step) => Math.max(most, Math.abs(step - 1 / rate)),
    0,
  );
  const whole = Math.round(rate);
  const isWhole =
    Math.abs(rate - whole) <= rate * Math.max(1e-9, 2 * jitter / span);
  return isWhole && whole > 0 ? whole : rate;
}

/**
 * Samples of a time: those with `startS <= t < stopS`.
 *
 * @returns Null if the series does not cover all of the time.
 */
export async function rowsBetween(
  file: NwbFile,
  series: Series,
  startS: number,
  stopS: number,
): Promise<readonly [start: number, stop: number] | null> {
  const { rateHz, length, path } = series;
  if (length === 0) return null;
  if (!series.hasTimestamps) {
    const indexOf = (time: number): number =>
      Math.ceil((time - series.startS) * rateHz - TOLERANCE);
    const [start, stop] = [indexOf(startS), indexOf(stopS)];
    return start >= 0 && stop <= length && start < stop ? [start, stop] : null;
  }
  const slackS = TOLERANCE / rateHz;
  const start = await lowerBound(file, series, startS - slackS);
  const stop = await lowerBound(file, series, stopS - slackS);
  if (start >= stop) return null;
  const times = await file.numbers(`${path}/timestamps`, { start, stop });
  const [first = NaN, last = NaN] = [times[0], times.at(-1)];
  // A sample may be missing at either end.
  const isCovered = first - startS < MOST_DISTANCE / rateHz &&
    stopS - last < MOST_DISTANCE / rateHz;
  if (!isCovered) return null;
  for (let at = 1; at < times.length; at++) {
    const step = (times[at] as number) - (times[at - 1] as number);
    if (!(step > 0 && step < MOST_DISTANCE / rateHz)) return null;
  }
  return [start, stop];
}

/** Timestamps that are read at once. */
const BLOCK = 8192;

/** Index of the first timestamp that is not before a time. */
async function lowerBound(
  file: NwbFile,
  { path, length }: Series,
  time: number,
): Promise<number> {
  let [low, high] = [0, length];
  while (high - low > BLOCK) {
    const middle = (low + high) >> 1;
    const [at = NaN] = await file.numbers(`${path}/timestamps`, {
      start: middle,
      stop: middle + 1,
    });
    if (at < time) low = middle + 1;
    else high = middle;
  }
  const block = await file.numbers(`${path}/timestamps`, {
    start: low,
    stop: high,
  });
  const inside = block.findIndex((at) => at >= time);
  return inside < 0 ? high : low + inside;
}
