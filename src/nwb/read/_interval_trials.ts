import { RecordingError } from "../../errors.ts";
import { type NwbFile, plainPath } from "./_nwb_file.ts";
import type { NwbContext } from "./_context.ts";
import type { SeriesRange } from "./_series.ts";
import type { NwbTable, TableValue } from "./_table.ts";
import type { KeyedTrial } from "./_trials.ts";
import type { Hdf5Columns } from "./hdf5/model.ts";

/** Table of intervals, and the columns that name the stimulus. */
export interface ChosenTable {
  readonly table: NwbTable;
  readonly columns: readonly string[];
}

const REFERENCES = "timeseries";

/** The trials of a table of intervals. */
export async function intervalTrials(
  file: NwbFile,
  { table, columns }: ChosenTable,
  context: NwbContext,
): Promise<KeyedTrial[]> {
  const { startColumn, stopColumn, durationMs } = context.options;
  const starts = await timesOf(file, table, startColumn);
  const stops = durationMs === undefined
    ? await timesOf(file, table, stopColumn)
    : starts.map((start) => start + durationMs / 1000);
  const keys = await keysOf(file, table, columns);
  const series = await rangesOf(file, table);
  const metas = await table.metas(file, [startColumn, stopColumn]);
  const invalid = await invalidTimes(file);
  const trials: KeyedTrial[] = [];
  const skipped = new Map<string, number>();
  for (let row = 0; row < table.rows; row++) {
    const [startS = NaN, stopS = NaN] = [starts[row], stops[row]];
    const key = keys[row] ?? "";
    const fault = key === ""
      ? "no stimulus"
      : !(stopS > startS && stopS < Infinity)
      ? "no end after the start"
      : invalid.some(([from, to]) => startS < to && from < stopS)
      ? "a part in invalid_times"
      : undefined;
    if (fault !== undefined) {
      skipped.set(fault, (skipped.get(fault) ?? 0) + 1);
      continue;
    }
    const ranges = series[row] ?? [];
    const stimulus = ranges.find(isStimulus);
    trials.push({
      key,
      startS,
      stopS,
      responses: ranges.filter((range) => !isStimulus(range)),
      ...(stimulus && { stimulus }),
      meta: metas[row] ?? {},
    });
  }
  for (const [fault, count] of skipped) {
    context.warnings.warn(
      "unusable-trial",
      file.at(table.path),
      `${count} of ${table.rows} trials have ${fault} and are skipped`,
      { item: fault },
    );
  }
  return trials;
}

function isStimulus({ path }: SeriesRange): boolean {
  // toNwb has its spectrograms there.
  return /^(stimulus|processing\/stimuli)\//.test(path);
}

async function timesOf(
  file: NwbFile,
  table: NwbTable,
  name: string,
): Promise<Float64Array> {
  if (await table.isPlain(file, name)) return await table.numbers(file, name);
  throw new RecordingError(
    `Cannot stream NWB: the table has no column ${name} of times, expected ` +
      `startColumn and stopColumn from ${
        (await table.plainNames(file)).join(", ")
      }`,
    file.at(table.path),
  );
}

/** Stimulus of each row, empty where a part of it is missing. */
async function keysOf(
  file: NwbFile,
  table: NwbTable,
  columns: readonly string[],
): Promise<readonly string[]> {
  const all = new Map<string, readonly TableValue[]>();
  for (const name of columns) all.set(name, await table.values(file, name));
  return Array.from({ length: table.rows }, (_, row) => {
    const parts = Array.from(all, ([name, values]) => {
      const value = values[row] ?? "";
      const text = value === "" ? "" : String(value);
      return columns.length === 1 || text === "" ? text : `${name}=${text}`;
    });
    return parts.includes("") ? "" : parts.join(", ");
  });
}

/** Series to which each row refers. */
export async function rangesOf(
  file: NwbFile,
  table: NwbTable,
  name: string = REFERENCES,
): Promise<readonly (readonly SeriesRange[])[]> {
  const column = table.has(name) ? await table.column(file, name) : null;
  if (column?.type.kind !== "compound") return [];
  const length = column.shape[0] ?? 0;
  file.checkCount(length, column.path);
  const ends = await table.ends(file, name);
  const { data } = await file.read(column.path);
  const { idx_start, count, timeseries } = data as Hdf5Columns;
  const [starts, counts] = [idx_start, count] as ArrayLike<number>[];
  const paths = timeseries as readonly string[];
  const all = paths.map((path, at) => ({
    path: plainPath(path),
    start: Number(starts?.[at] ?? 0),
    count: Number(counts?.[at] ?? -1),
  }));
  const isGiven = ({ path, start }: SeriesRange): boolean =>
    path !== "" && start >= 0;
  if (ends === undefined) {
    return all.map((range) => isGiven(range) ? [range] : []);
  }
  return Array.from(
    ends,
    (end, row) => all.slice(row === 0 ? 0 : ends[row - 1], end).filter(isGiven),
  );
}

/** Times that the file declares invalid. */
async function invalidTimes(
  file: NwbFile,
): Promise<readonly (readonly [from: number, to: number])[]> {
  const path = "intervals/invalid_times";
  if (await file.group(path) === null) return [];
  const starts = await file.numbers(`${path}/start_time`);
  const stops = await file.numbers(`${path}/stop_time`);
  return Array.from(starts, (from, row) => [from, stops[row] ?? from] as const);
}
