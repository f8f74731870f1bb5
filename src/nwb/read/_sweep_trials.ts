import type { NwbContext } from "./_context.ts";
import { rangesOf } from "./_interval_trials.ts";
import {
  numberAttribute,
  type NwbFile,
  plainPath,
  textAttribute,
} from "./_nwb_file.ts";
import { isSeries, openSeries, type SeriesRange } from "./_series.ts";
import { NwbTable } from "./_table.ts";
import type { KeyedTrial } from "./_trials.ts";

const PATCH = "general/intracellular_ephys";
const RECORDINGS = `${PATCH}/intracellular_recordings`;

/** Name by which an option asks for the sweeps. */
export const SWEEPS = "intracellular_recordings";

/**
 * Sweeps of patch electrodes as trials: rows of the table of intracellular
 * recordings, otherwise the series of the electrodes.
 *
 * @returns Empty if the file has no sweeps.
 */
export async function sweepTrials(
  file: NwbFile,
  { options: { stimulusColumns } }: NwbContext,
): Promise<KeyedTrial[]> {
  const table = await NwbTable.open(file, RECORDINGS);
  return table
    ? await recordedTrials(file, table, stimulusColumns)
    : await seriesTrials(file);
}

/** Rows of the table of intracellular recordings. */
async function recordedTrials(
  file: NwbFile,
  table: NwbTable,
  columns: readonly string[],
): Promise<KeyedTrial[]> {
  const responses = await categoryRanges(file, "responses", "response");
  const stimuli = await categoryRanges(file, "stimuli", "stimulus");
  const [column] = columns;
  const named = column !== undefined && await table.isPlain(file, column)
    ? await table.values(file, column)
    : await sequenceTypes(file, table.rows);
  const metas = await table.metas(file, []);
  const trials: KeyedTrial[] = [];
  for (let row = 0; row < table.rows; row++) {
    const [response] = responses[row] ?? [];
    if (response === undefined) continue;
    const [stimulus] = stimuli[row] ?? [];
    trials.push(
      await sweepTrial(file, response, stimulus, named[row], metas[row]),
    );
  }
  return trials;
}

async function categoryRanges(
  file: NwbFile,
  category: string,
  column: string,
): Promise<readonly (readonly SeriesRange[])[]> {
  const table = await NwbTable.open(file, `${RECORDINGS}/${category}`);
  return table ? await rangesOf(file, table, column) : [];
}

/** Type of the sequence to which each recording belongs. */
async function sequenceTypes(
  file: NwbFile,
  rows: number,
): Promise<(string | undefined)[]> {
  const types = new Array<string | undefined>(rows).fill(undefined);
  const sequences = await NwbTable.open(file, `${PATCH}/sequential_recordings`);
  const groups = await NwbTable.open(file, `${PATCH}/simultaneous_recordings`);
  const names = await sequences?.texts(file, "stimulus_type");
  if (!sequences || !groups || !names) return types;
  const groupRows = await raggedRows(
    file,
    sequences,
    "simultaneous_recordings",
  );
  const recordingRows = await raggedRows(file, groups, "recordings");
  for (const [sequence, own] of groupRows.entries()) {
    for (const group of own) {
      for (const row of recordingRows[group] ?? []) {
        types[row] = names[sequence];
      }
    }
  }
  return types;
}

async function raggedRows(
  file: NwbFile,
  table: NwbTable,
  name: string,
): Promise<readonly Float64Array[]> {
  const rows = Float64Array.from(
    await file.numbers(`${table.path}/${name}`),
  );
  const ends = await table.ends(file, name) ?? [];
  return Array.from(
    ends,
    (end, row) => rows.subarray(row === 0 ? 0 : ends[row - 1], end),
  );
}

/** Each series of a patch electrode is a trial. */
async function seriesTrials(file: NwbFile): Promise<KeyedTrial[]> {
  const stimuli = await stimuliBySweep(file);
  const trials: KeyedTrial[] = [];
  for (const name of await file.groupsIn("acquisition")) {
    const path = `acquisition/${name}`;
    const group = await file.group(path);
    if (!group || !isSeries(group) || !group.members.has("electrode")) continue;
    const sweep = numberAttribute(group.attributes, "sweep_number");
    const electrode = plainPath(group.members.get("electrode")?.link ?? "");
    const stimulus = sweep === undefined
      ? undefined
      : stimuli.get(`${sweep} ${electrode}`);
    const response = { path, start: 0, count: -1 };
    trials.push(await sweepTrial(file, response, stimulus, undefined, {}));
  }
  return trials.sort((a, b) => a.startS - b.startS);
}

/** Series of stimuli by sweep and electrode. */
async function stimuliBySweep(
  file: NwbFile,
): Promise<ReadonlyMap<string, SeriesRange>> {
  const stimuli = new Map<string, SeriesRange>();
  for (const name of await file.groupsIn("stimulus/presentation")) {
    const path = `stimulus/presentation/${name}`;
    const group = await file.group(path);
    const sweep = group && numberAttribute(group.attributes, "sweep_number");
    if (sweep === undefined || sweep === null) continue;
    const electrode = plainPath(group?.members.get("electrode")?.link ?? "");
    const key = `${sweep} ${electrode}`;
    if (!stimuli.has(key)) stimuli.set(key, { path, start: 0, count: -1 });
  }
  return stimuli;
}

async function sweepTrial(
  file: NwbFile,
  response: SeriesRange,
  stimulus: SeriesRange | undefined,
  named: unknown,
  meta: KeyedTrial["meta"] = {},
): Promise<KeyedTrial> {
  const { path, start, count } = response;
  const series = await openSeries(file, path);
  const samples = count < 0 ? series.length - start : count;
  const startS = series.startS + start / series.rateHz;
  const group = named ? null : await file.group(path);
  const described = group &&
    textAttribute(group.attributes, "stimulus_description");
  return {
    key: String(named ?? (described || path)),
    startS,
    stopS: startS + samples / series.rateHz,
    responses: [response],
    ...(stimulus && { stimulus }),
    meta,
  };
}
