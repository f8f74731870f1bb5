import { Budget } from "../../base/limits.ts";
import { firstNonFinite } from "../../base/numbers.ts";
import { RecordingError } from "../../errors.ts";
import type { CellResponse } from "../../session.ts";
import type { NwbContext } from "./_context.ts";
import type { NwbFile, PlainNumbers, Rows } from "./_nwb_file.ts";
import {
  describeAhead,
  isSampled,
  openSeries,
  rowsBetween,
  type Series,
  type SeriesRange,
} from "./_series.ts";
import { isVolts, type Repeat, responseOf } from "./_trace_response.ts";
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

/** Samples that a trial has in a series. */
interface Wanted {
  readonly trial: Trial;
  readonly series: Series;
  readonly rows: Rows;
}

/** Series that are remembered. */
const MOST_OPENED = 1024;
/** Trials whose series are described at once. */
const TRIALS_AT_ONCE = 32;
/** Samples that are read at once, unless one repeat has more. */
const SAMPLES_AT_ONCE = 1 << 18;

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
    for (let at = 0; at < trials.length; at += TRIALS_AT_ONCE) {
      const some = trials.slice(at, at + TRIALS_AT_ONCE);
      for await (const read of this.#samplesOf(file, some, budget)) {
        this.#addRepeats(file, repeats, read);
      }
    }
    const { isStored = false } = this.#plan;
    return repeats.map((own) => {
      const alike = this.#alike(file, own);
      return alike.length > 0 ? responseOf(alike, isStored) : null;
    });
  }

  /** Samples of each range of the trials, in order. */
  async *#samplesOf(
    file: NwbFile,
    trials: readonly Trial[],
    budget: Budget,
  ): AsyncGenerator<Wanted & { readonly values: PlainNumbers }> {
    const unknown = trials.flatMap(({ responses }) => responses)
      .map(({ path }) => path)
      .filter((path) => !this.#opened.has(path));
    await describeAhead(file, unknown);
    const wanted: Wanted[] = [];
    for (const trial of trials) {
      for (const range of await this.#ranges(file, trial)) {
        const series = await this.#open(file, range.path);
        const rows = checkedRows(file, series, range, budget);
        wanted.push({ trial, series, rows });
      }
    }
    for (const some of inParts(wanted)) {
      const all = await file.allNumbers(some.map(({ rows }) => rows));
      for (const [index, values] of all.entries()) {
        yield { ...some[index] as Wanted, values };
      }
    }
  }

  /** Adds the repeat of each cell in the samples of a trial. */
  #addRepeats(
    file: NwbFile,
    repeats: readonly Repeat[][],
    { trial, series, values }: Wanted & { readonly values: PlainNumbers },
  ): void {
    const channels = series.channels ?? 1;
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
    if (this.#opened.size >= MOST_OPENED) this.#opened.clear();
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

/** Reads rows of a series, all its channels, as {@linkcode checkedRows} says. */
export async function readRange(
  file: NwbFile,
  series: Series,
  range: SeriesRange,
  budget: Budget,
): Promise<PlainNumbers> {
  const { path, ...rows } = checkedRows(file, series, range, budget);
  return await file.numbers(path, rows);
}

/**
 * Rows of a range, claimed from the budget.
 *
 * @throws {RecordingError} If the series does not have the rows.
 */
function checkedRows(
  file: NwbFile,
  { path, length, channels }: Series,
  { start, count }: SeriesRange,
  budget: Budget,
): Rows {
  const stop = count < 0 ? length : start + count;
  if (stop > length) {
    throw new RecordingError(
      `Cannot read NWB: a trial refers to its samples ${start} to ${stop}, ` +
        `and it has ${length}`,
      file.at(path),
    );
  }
  budget.take(8 * (stop - start) * (channels ?? 1), file.at(path));
  return { path: `${path}/data`, start, stop };
}

/** Parts that are read at once. */
function* inParts(wanted: readonly Wanted[]): Generator<readonly Wanted[]> {
  let part: Wanted[] = [];
  let samples = 0;
  for (const one of wanted) {
    const { rows: { start, stop }, series: { channels } } = one;
    const own = (stop - start) * (channels ?? 1);
    if (part.length > 0 && samples + own > SAMPLES_AT_ONCE) {
      yield part;
      part = [];
      samples = 0;
    }
    part.push(one);
    samples += own;
  }
  if (part.length > 0) yield part;
}

/** Every n-th value, from a channel on. */
function channelOf(
  values: PlainNumbers,
  channel: number,
  channels: number,
): PlainNumbers {
  const Kind = values.constructor as new (length: number) => typeof values;
  const own = new Kind(values.length / channels);
  for (let at = 0; at < own.length; at++) {
    own[at] = values[channel + at * channels] as number;
  }
  return own;
}
