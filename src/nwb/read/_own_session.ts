import { FormatError } from "../../errors.ts";
import type {
  CellMeta,
  CellResponse,
  GateTally,
  StimMeta,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { NwbContext } from "./_context.ts";
import { rangesOf } from "./_interval_trials.ts";
import type { NwbFile } from "./_nwb_file.ts";
import { openSeries } from "./_series.ts";
import { readSeries } from "./_stimuli.ts";
import { NwbTable } from "./_table.ts";
import type { Heard, Trial } from "./_trials.ts";

const CELLS = "processing/responses/cells";
const PRESENTATIONS = "intervals/presentations";
const STIMULI = "processing/stimuli";

/** Facts about a response that its samples do not hold. */
export type ResponseFacts = Omit<CellResponse, "repeats">;

/** Presentation of a file that `toNwb` wrote. */
export interface OwnHeard extends Heard {
  readonly tally: GateTally;
  /** Facts about the response of each cell that has one. */
  readonly facts: ReadonlyMap<number, ResponseFacts>;
  readonly dtMs: number | undefined;
  readonly stimulus: OwnStimulus | undefined;
}

/** Stimulus of a file that `toNwb` wrote. */
export interface OwnStimulus {
  readonly path: string;
  readonly meta: StimMeta;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Cells of a file that `toNwb` wrote, and their places in their data set. */
export interface OwnCells {
  readonly cells: readonly CellMeta[];
  readonly cellNumbers: readonly number[] | undefined;
}

/** Reads the cells of a file; null unless it has the facts that `toNwb` stores. */
export async function ownCells(file: NwbFile): Promise<OwnCells | null> {
  const table = await NwbTable.open(file, CELLS);
  const metas = await table?.texts(file, "meta");
  if (!table || !metas) return null;
  if (
    await file.has(PRESENTATIONS) && !await file.has(`${PRESENTATIONS}/facts`)
  ) return null;
  return {
    cells: metas.map((meta) => fieldsOf(file, CELLS, meta) as CellMeta),
    cellNumbers: table.has("cell_number")
      ? [...await table.numbers(file, "cell_number")]
      : undefined,
  };
}

/** Reads the presentations of a file that `toNwb` wrote. */
export async function ownPresentations(
  file: NwbFile,
): Promise<readonly OwnHeard[]> {
  const table = await NwbTable.open(file, PRESENTATIONS);
  if (!table) return [];
  const keys = await table.texts(file, "stimulus") ?? [];
  const facts = await table.texts(file, "facts") ?? [];
  const stimuli = await stimuliOf(file);
  const tallies = new Map<string, Float64Array>();
  for (const reason of ["range", "step", "xcorr", "kept"]) {
    tallies.set(reason, await table.numbers(file, `gate_${reason}`));
  }
  const responses = keys.map((_, row) => responsesOf(file, facts[row] ?? "[]"));
  const widths = responses.map((own) => own.values().next().value?.dtMs);
  const hasTraces = responses.some((own) =>
    own.values().some(({ dtMs }) => dtMs === undefined)
  );
  const trials = await trialsOf(file, table.rows, hasTraces);
  // A presentation without responses has the bins of the others.
  const usual = widths.find((width) => width !== undefined);
  return keys.map((key, row) => {
    const stimulus = stimuli.get(key);
    const own = responses[row] ?? new Map();
    return {
      key,
      name: key,
      durationMs: Number(stimulus?.facts.durationMs ?? 0),
      meta: stimulus?.meta ?? {},
      trials: trials[row] ?? [],
      tally: Object.fromEntries(
        Array.from(tallies, ([reason, counts]) => [reason, counts[row] ?? 0]),
      ) as unknown as GateTally,
      facts: own,
      dtMs: own.size > 0 ? widths[row] : usual,
      stimulus,
    };
  });
}

/** Reads a stimulus as it was written. */
export async function readOwnStimulus(
  file: NwbFile,
  { path, facts: { durationMs: _, bands, ...facts } }: OwnStimulus,
  context: NwbContext,
): Promise<Waveform | Tensor> {
  const series = await openSeries(file, path);
  const range = { path, start: 0, count: -1 };
  const read = await readSeries(file, series, range, context);
  if ("samples" in read) {
    if (facts.samplesPerBin === undefined) return { ...read, ...facts };
    const data = Float32Array.from(read.samples);
    return { data, shape: [1, data.length], ...facts };
  }
  const { data, shape } = read;
  const bandsHz = typeof bands === "string" &&
    Array.from(await file.numbers(`${STIMULI}/${bands}/frequency`));
  return { data, shape, ...facts, ...(bandsHz && { bandsHz }) };
}

async function trialsOf(
  file: NwbFile,
  presentations: number,
  hasTraces: boolean,
): Promise<readonly (readonly Trial[])[]> {
  const all = Array.from({ length: presentations }, (): Trial[] => []);
  const table = await NwbTable.open(file, "intervals/trials");
  if (!table) return all;
  const starts = await table.numbers(file, "start_time");
  const stops = await table.numbers(file, "stop_time");
  const owners = await table.numbers(file, "presentation");
  // A search of all objects of the file: only for traces.
  const ranges = hasTraces ? await rangesOf(file, table) : [];
  for (let row = 0; row < table.rows; row++) {
    const [startS = NaN, stopS = NaN] = [starts[row], stops[row]];
    all[owners[row] ?? -1]?.push({
      startS,
      stopS,
      responses: ranges[row]?.filter(({ path }) => isTrace(path)) ?? [],
      meta: {},
    });
  }
  return all;
}

function isTrace(path: string): boolean {
  return path.startsWith("acquisition/") ||
    path.startsWith("processing/responses/");
}

async function stimuliOf(
  file: NwbFile,
): Promise<ReadonlyMap<string, OwnStimulus>> {
  const path = `${STIMULI}/stimuli`;
  const table = await NwbTable.open(file, path);
  if (!table) return new Map();
  const column = async (name: string): Promise<readonly string[]> =>
    await table.texts(file, name) ?? [];
  const paths = await column("series");
  const facts = await column("facts");
  const metas = await column("meta");
  return new Map(
    (await column("stimulus")).map((key, row) => [key, {
      path: paths[row] ?? "",
      meta: fieldsOf(file, path, metas[row] ?? "") as StimMeta,
      facts: fieldsOf(file, path, facts[row] ?? ""),
    }]),
  );
}

function responsesOf(
  file: NwbFile,
  json: string,
): ReadonlyMap<number, ResponseFacts> {
  const groups = parsed(file, PRESENTATIONS, json) as [number[], unknown][];
  return new Map(
    groups.flatMap(([cells, facts]) => {
      const { detrended, ...rest } = Object.fromEntries(
        facts as [string, unknown][],
      );
      const own = {
        ...rest,
        ...(detrended !== undefined && {
          detrended: Object.fromEntries(detrended as [string, unknown][]),
        }),
      } as unknown as ResponseFacts;
      return cells.map((cell) => [cell, own] as const);
    }),
  );
}

/** An object that is stored as pairs. */
function fieldsOf(
  file: NwbFile,
  path: string,
  json: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(parsed(file, path, json) as [string, unknown][]);
}

function parsed(file: NwbFile, path: string, json: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw jsonError(file, path, cause);
  }
  const isPairs = Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2);
  if (isPairs) return value as unknown[];
  throw jsonError(file, path);
}

function jsonError(file: NwbFile, path: string, cause?: unknown): FormatError {
  return new FormatError(
    "Cannot read NWB: its JSON is not as toNwb writes it",
    { ...file.at(path), cause },
  );
}
