import { Budget } from "../../base/limits.ts";
import { firstNonFinite } from "../../base/numbers.ts";
import { RecordingError } from "../../errors.ts";
import type { CellResponse, Samples } from "../../session.ts";
import type { NwbContext } from "./_context.ts";
import { type NwbFile, plainNumbers } from "./_nwb_file.ts";
import {
  isSampled,
  openSeries,
  rowsBetween,
  type Series,
  type SeriesRange,
} from "./_series.ts";
import type { Trial } from "./_trials.ts";

/** Finds cells in series. */
export interface TracePlan {
  /** Series to be cut by trials that do not refer to any. */
  series(file: NwbFile): Promise<readonly string[]>;
  /**
   * Whether samples stay as they are stored, whatever the series says of their
   * unit.
   */
  readonly isStored?: boolean;
  /** Cell of a channel; undefined for one that is not a cell's. */
  cellOf(series: Series, channel: number): number | undefined;
}

/** One repeat of a cell, as it is stored. */
interface Repeat {
  readonly trial: Trial;
  readonly series: Series;
  readonly channel: number;
  readonly samples: ReturnType<typeof plainNumbers> & object;
}

/** Reads the repeats of all cells from series. */
export class TraceReader {
  readonly #plan: TracePlan;
  readonly #context: NwbContext;
  readonly #opened = new Map<string, Series>();

  constructor(plan: TracePlan, context: NwbContext) {
    this.#plan = plan;
    this.#context = context;
  }

  /** Responses to one stimulus, null for a cell without a repeat. */
  async read(
    file: NwbFile,
    trials: readonly Trial[],
    cells: number,
  ): Promise<(CellResponse | null)[]> {
    const repeats = Array.from({ length: cells }, (): Repeat[] => []);
    const { limits } = this.#context;
    const budget = new Budget("read traces", limits, "readBytes");
    for (const trial of trials) {
      for (const range of await this.#ranges(file, trial)) {
        const series = await this.#open(file, range.path);
        const channels = series.channels ?? 1;
        const values = await readRange(file, series, range, budget);
        for (let channel = 0; channel < channels; channel++) {
          const cell = this.#plan.cellOf(series, channel);
          if (cell === undefined) continue;
          const samples = channels === 1
            ? values
            : channelOf(values, channel, channels);
          if (firstNonFinite(samples) >= 0) {
            this.#warn(file, series, trial, "values that are no numbers");
            continue;
          }
          repeats[cell]?.push({ series, channel, samples, trial });
        }
      }
    }
    const { isStored = false } = this.#plan;
    return repeats.map((own) => {
      const alike = this.#alike(file, own);
      return alike.length > 0 ? responseOf(alike, isStored) : null;
    });
  }

  /** Repeats in one unit and at one rate: in volts if any is. */
  #alike(file: NwbFile, repeats: readonly Repeat[]): readonly Repeat[] {
    const first = repeats.find(({ series }) => isVolts(series.unit)) ??
      repeats[0];
    return repeats.filter(({ series, trial }) => {
      const { unit, rateHz } = first?.series ?? series;
      if (series.unit === unit && series.rateHz === rateHz) return true;
      const own = `${series.rateHz} Hz in ${series.unit}`;
      const fault = `${own}, unlike others of ${rateHz} Hz in ${unit},`;
      this.#warn(file, series, trial, fault);
      return false;
    });
  }

  /** Rows of the trial: those it refers to, or those of its time. */
  async #ranges(file: NwbFile, trial: Trial): Promise<readonly SeriesRange[]> {
    const ranges: SeriesRange[] = [];
    for (const range of trial.responses) {
      // Tables refer to series of all kinds.
      const isOpen = this.#opened.has(range.path) ||
        await isSampled(file, range.path);
      if (!isOpen) continue;
      const series = await this.#open(file, range.path);
      if (this.#plan.cellOf(series, 0) !== undefined) ranges.push(range);
    }
    if (ranges.length > 0) return ranges;
    const paths = await this.#plan.series(file);
    for (const path of paths) {
      const series = await this.#open(file, path);
      const { startS, stopS } = trial;
      const rows = await rowsBetween(file, series, startS, stopS);
      if (rows) ranges.push({ path, start: rows[0], count: rows[1] - rows[0] });
    }
    const [path] = paths;
    if (ranges.length === 0 && path !== undefined) {
      const series = await this.#open(file, path);
      this.#warn(file, series, trial, "no samples for a part of it");
    }
    return ranges;
  }

  async #open(file: NwbFile, path: string): Promise<Series> {
    const known = this.#opened.get(path);
    if (known) return known;
    const series = await openSeries(file, path);
    this.#opened.set(path, series);
    return series;
  }

  #warn(file: NwbFile, { path }: Series, trial: Trial, fault: string): void {
    this.#context.warnings.warn(
      "unusable-repeat",
      file.at(path),
      `the trial at ${trial.startS} s has ${fault} and is skipped`,
      { item: `${trial.startS}` },
    );
  }
}

/**
 * Reads rows of a series, all its channels.
 *
 * @throws {RecordingError} If the series does not have the rows.
 */
export async function readRange(
  file: NwbFile,
  { path, length, channels }: Series,
  { start, count }: SeriesRange,
  budget: Budget,
): Promise<Repeat["samples"]> {
  const stop = count < 0 ? length : start + count;
  if (stop > length) {
    throw new RecordingError(
      `Cannot read NWB: a trial refers to its samples ${start} to ${stop}, ` +
        `and it has ${length}`,
      file.at(path),
    );
  }
  budget.take(8 * (stop - start) * (channels ?? 1), file.at(path));
  return await file.numbers(`${path}/data`, { start, stop });
}

/** Every n-th value, from a channel on. */
function channelOf(
  values: Repeat["samples"],
  channel: number,
  channels: number,
): Repeat["samples"] {
  const Kind = values.constructor as new (length: number) => typeof values;
  const own = new Kind(values.length / channels);
  for (let at = 0; at < own.length; at++) {
    own[at] = values[channel + at * channels] as number;
  }
  return own;
}

/**
 * Repeats as one response: as stored if all have one scale and no offset,
 * otherwise in units, float64.
 */
function responseOf(
  repeats: readonly Repeat[],
  isStored: boolean,
): CellResponse {
  const [first] = repeats as [Repeat];
  const { rateHz } = first.series;
  const { unit, factor } = unitOf(first.series, first.channel);
  const isPlain = isStored ||
    repeats.every(({ series, channel, samples }) =>
      series.offset === 0 && unitOf(series, channel).factor === factor &&
      isStorable(samples, factor)
    );
  return {
    repeats: repeats.map((repeat) =>
      isPlain ? asSamples(repeat.samples) : inUnits(repeat)
    ),
    scale: isPlain ? factor : 1,
    rateHz,
    kind: "raw",
    unit,
  };
}

/** Unit of the stream, and the factor from stored samples to it. */
function unitOf(
  { unit, conversion, channelConversion }: Series,
  channel: number,
): { readonly unit: string; readonly factor: number } {
  const factor = conversion * (channelConversion?.[channel] ?? 1);
  return isVolts(unit)
    ? { unit: "mV", factor: factor * 1000 }
    : { unit: unit === "" ? "unknown" : unit, factor };
}

function isVolts(unit: string): boolean {
  return ["v", "volt", "volts"].includes(unit.toLowerCase());
}

/** Whether samples may stay as they are: integers have a scale, floats have not. */
function isStorable(samples: Repeat["samples"], factor: number): boolean {
  if (samples instanceof Float32Array || samples instanceof Float64Array) {
    return factor === 1;
  }
  return isSmall(samples);
}

function isSmall(samples: Repeat["samples"]): boolean {
  return samples instanceof Int16Array || samples instanceof Int8Array ||
    samples instanceof Uint8Array;
}

/** Samples of a class that operators take, with the same values. */
export function asSamples(values: Repeat["samples"]): Samples {
  if (
    values instanceof Int16Array || values instanceof Float32Array ||
    values instanceof Float64Array
  ) return values;
  return isSmall(values) ? Int16Array.from(values) : Float64Array.from(values);
}

function inUnits({ samples, series, channel }: Repeat): Float64Array {
  const { factor } = unitOf(series, channel);
  const offset = isVolts(series.unit) ? 1000 * series.offset : series.offset;
  return Float64Array.from(samples, (value) => value * factor + offset);
}
