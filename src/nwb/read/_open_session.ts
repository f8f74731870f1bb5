import type { CellMeta, CellResponse, Session } from "../../session.ts";
import type { Loaded } from "../../sources/shared/session_cache.ts";
import { withLineage } from "../../stream/lineage.ts";
import { chosenIntervals, guessError } from "./_choose_intervals.ts";
import type { NwbContext } from "./_context.ts";
import { intervalTrials } from "./_interval_trials.ts";
import type { NwbFile } from "./_nwb_file.ts";
import { type FileStimulus, NwbSession } from "./_nwb_session.ts";
import { OwnResponses } from "./_own_responses.ts";
import { ownCells, ownPresentations, readOwnStimulus } from "./_own_session.ts";
import type { SessionHead } from "./_session_head.ts";
import { readStimulus } from "./_stimuli.ts";
import { SWEEPS, sweepTrials } from "./_sweep_trials.ts";
import type { NwbTable } from "./_table.ts";
import { traceCells } from "./_trace_cells.ts";
import { TraceReader } from "./_traces.ts";
import { type Heard, heardOf } from "./_trials.ts";
import { countsOf, openSpikes, openUnits, unitCells } from "./_units.ts";

/** Width of bins where neither an option nor the file has one, in ms. */
const USUAL_DT_MS = 5;

/** A file, and the name of its session. */
export interface OpenedFile {
  readonly path: string;
  readonly id: string;
  readonly head: SessionHead;
}

/**
 * Finds the cells of an open file.
 *
 * @returns The session; null if the file holds neither units nor series.
 */
export async function openSession(
  file: NwbFile,
  opened: OpenedFile,
  context: NwbContext,
): Promise<Session | null> {
  const { id, path, head } = opened;
  const { options } = context;
  const own = head.isOwn && !options.isChosen ? await ownCells(file) : null;
  if (own) {
    const { cells, cellNumbers } = own;
    const list = ownListing(cells.length, context);
    const session = new NwbSession({ id, path, cells, list }, context);
    return cellNumbers ? withLineage(session, { cellNumbers }) : session;
  }
  const units = options.responses === "traces" ? null : await openUnits(file);
  if (units) {
    const cells = await unitCells(file, units, id, head);
    const list = unitListing(cells, units, id, context);
    return new NwbSession({ id, path, cells, list }, context);
  }
  if (options.responses === "spikes") return null;
  const traces = await traceCells(file, id, head, context);
  if (traces === null) return null;
  const { cells, plan } = traces;
  const reader = new TraceReader(plan, context);
  return new NwbSession({
    ...{ id, path, cells },
    list: async (file) => {
      const all = await heardIn(file, id, context);
      return listed(all.map((heard) =>
        presentationOf(
          heard,
          context,
          undefined,
          (file) => reader.read(file, heard.trials, cells.length),
        )
      ));
    },
  }, context);
}

type Listing = (file: NwbFile) => Promise<Loaded<readonly FileStimulus[]>>;

/** About how much memory a presentation takes without its arrays. */
const PRESENTATION_BYTES = 1024;

function listed(
  value: readonly FileStimulus[],
  spikeBytes: number = 0,
): Loaded<readonly FileStimulus[]> {
  return { value, bytes: PRESENTATION_BYTES * value.length + spikeBytes };
}

function ownListing(cells: number, context: NwbContext): Listing {
  return async (file) => {
    const responses = await OwnResponses.open(file, context);
    const presentations = (await ownPresentations(file)).map((
      heard,
    ): FileStimulus => ({
      ...heard,
      readStimulus: (file) =>
        heard.stimulus
          ? readOwnStimulus(file, heard.stimulus, context)
          : readStimulus(file, heard, context),
      readResponses: (file, take) => responses.read(file, heard, cells, take),
    }));
    return listed(presentations, responses.bytes);
  };
}

function unitListing(
  cells: readonly CellMeta[],
  units: NwbTable,
  id: string,
  context: NwbContext,
): Listing {
  return async (file) => {
    const widthMs = await storedWidthMs(file, units);
    const dtMs = context.options.dtMs ?? widthMs ?? USUAL_DT_MS;
    const spikes = await openSpikes(file, units, context);
    const counting = { dtMs, isCut: false };
    const all = await heardIn(file, id, context);
    const presentations = all.map((heard) =>
      presentationOf(heard, context, dtMs, async (file, take) => {
        const responses: (CellResponse | null)[] = [];
        for (let unit = 0; unit < cells.length; unit++) {
          const times = await spikes.timesOf(file, unit);
          const observed = spikes.observed?.[unit];
          const { trials } = heard;
          responses.push(countsOf(times, observed, trials, counting, take));
        }
        return responses;
      })
    );
    return listed(presentations, spikes.bytes);
  };
}

/** Width of bins in which `toNwb` counted, if it wrote the units. */
async function storedWidthMs(
  file: NwbFile,
  units: NwbTable,
): Promise<number | undefined> {
  if (!units.has("bin_width")) return undefined;
  const widths = await units.numbers(file, "bin_width");
  const [first] = widths;
  const isOne = first !== undefined && first > 0 &&
    widths.every((width) => width === first);
  return isOne ? first * 1000 : undefined;
}

function presentationOf(
  heard: Heard,
  context: NwbContext,
  dtMs: number | undefined,
  readResponses: FileStimulus["readResponses"],
): FileStimulus {
  return {
    ...heard,
    dtMs,
    readStimulus: (file) => readStimulus(file, heard, context),
    readResponses,
  };
}

/** Trials of the file by stimulus: of its intervals, otherwise its sweeps. */
async function heardIn(
  file: NwbFile,
  id: string,
  context: NwbContext,
): Promise<readonly Heard[]> {
  const { intervals, keys } = context.options;
  const isSweeps = intervals.length === 1 && intervals[0] === SWEEPS;
  const chosen = isSweeps ? [] : await chosenIntervals(file, context);
  const trials = chosen.length === 0 ? await sweepTrials(file, context) : [];
  for (const table of chosen) {
    trials.push(...await intervalTrials(file, table, context));
  }
  if (chosen.length === 0 && trials.length === 0) {
    throw await guessError(
      file,
      "no table of intervals has a column that names the stimulus",
      "stimulusColumn",
    );
  }
  if (chosen.length > 1) trials.sort((a, b) => a.startS - b.startS);
  const heard = heardOf(trials);
  return keys === "shared"
    ? heard
    : heard.map((own) => ({ ...own, key: `${id}/${own.key}`, name: own.key }));
}
