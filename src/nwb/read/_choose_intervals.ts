import { RecordingError } from "../../errors.ts";
import type { NwbContext } from "./_context.ts";
import type { ChosenTable } from "./_interval_trials.ts";
import { type NwbFile, plainPath } from "./_nwb_file.ts";
import { NwbTable } from "./_table.ts";

/** Columns that usually name the stimulus, most likely first. */
const USUAL = [
  ...["stimulus", "stimulus_name", "stim_name", "stimulus_id", "stim_id"],
  ...["stimulus_key", "stim", "stimulus_type", "stim_type", "stimulus_label"],
  ...["sound", "sound_name", "sound_id", "stimulus_condition"],
  ...["stimulus_condition_id", "condition", "condition_id"],
].map(folded);

/**
 * The tables of intervals that the options name; otherwise the trials, or the only
 * table with a column that names the stimulus.
 *
 * @returns Empty if no table has such a column, and none is asked for.
 * @throws {RecordingError} If a table or column is not there, or several tables
 * might be meant.
 */
export async function chosenIntervals(
  file: NwbFile,
  { options: { intervals, stimulusColumns } }: NwbContext,
): Promise<readonly ChosenTable[]> {
  if (intervals.length > 0) {
    const chosen: ChosenTable[] = [];
    for (const name of intervals) {
      const table = await namedTable(file, name);
      if (table === null) {
        throw await guessError(file, `there is no table ${name}`, "intervals");
      }
      const columns = await columnsOf(file, table, stimulusColumns);
      if (columns === null) {
        const what = stimulusColumns.join(" and ") || "that names the stimulus";
        const fault = `${name} has no column ${what}`;
        throw await guessError(file, fault, "stimulusColumn");
      }
      chosen.push({ table, columns });
    }
    return chosen;
  }
  const tables = (await tablesOf(file)).filter(({ rows }) => rows > 0);
  const fitting: ChosenTable[] = [];
  for (const table of tables) {
    const columns = await columnsOf(file, table, stimulusColumns);
    if (columns) fitting.push({ table, columns });
  }
  const trials = fitting.find(({ table }) => table.name === "trials");
  if (trials) return [trials];
  if (fitting.length > 1) {
    const names = fitting.map(({ table }) => table.name).join(" and ");
    const fault = `${names} name stimuli`;
    throw await guessError(file, fault, "intervals");
  }
  if (fitting.length === 0 && stimulusColumns.length > 0) {
    const fault = `no table has a column ${stimulusColumns.join(" and ")}`;
    throw await guessError(file, fault, "stimulusColumn");
  }
  return fitting;
}

/** Error of a guess that failed: the file's tables and columns. */
export async function guessError(
  file: NwbFile,
  fault: string,
  option: string,
): Promise<RecordingError> {
  const tables: string[] = [];
  for (const table of await tablesOf(file)) {
    const names = await table.plainNames(file);
    tables.push(`${table.name} (${names.join(", ")})`);
  }
  const held = tables.length > 0
    ? `it has the intervals ${tables.join(", ")}`
    : "it has no intervals";
  return new RecordingError(
    `Cannot stream NWB: ${fault}; ${held}; give ${option}`,
    { archive: file.name },
  );
}

async function tablesOf(file: NwbFile): Promise<NwbTable[]> {
  const tables: NwbTable[] = [];
  for (const name of await file.groupsIn("intervals")) {
    if (name === "invalid_times") continue;
    const table = await NwbTable.open(file, `intervals/${name}`);
    if (table) tables.push(table);
  }
  return tables;
}

/** A table by its path, or by its name in `intervals` or a processing module. */
async function namedTable(
  file: NwbFile,
  name: string,
): Promise<NwbTable | null> {
  const path = plainPath(name);
  const direct = path.includes("/")
    ? await NwbTable.open(file, path)
    : await NwbTable.open(file, `intervals/${path}`);
  if (direct) return direct;
  for (const module of await file.groupsIn("processing")) {
    const table = await NwbTable.open(file, `processing/${module}/${path}`);
    if (table) return table;
  }
  return null;
}

/** Columns that name the stimulus; null if they are not there. */
async function columnsOf(
  file: NwbFile,
  table: NwbTable,
  given: readonly string[],
): Promise<readonly string[] | null> {
  if (given.length > 0) {
    for (const name of given) {
      if (!await table.isPlain(file, name)) return null;
    }
    return given;
  }
  const byName = new Map(table.names.map((name) => [folded(name), name]));
  for (const usual of USUAL) {
    const name = byName.get(usual);
    if (name && await table.isPlain(file, name)) return [name];
  }
  return null;
}

/** Name without case and underscores. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s]/g, "");
}
