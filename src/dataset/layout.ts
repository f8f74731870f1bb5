import type { CellMeta, GateTally } from "../session.ts";
import { NO_TALLY, TallySum } from "../stream/tally.ts";
import { type Tensor, timeBins } from "../tensor.ts";

/** Presentation of a stimulus in one session of a dataset. */
export interface LayoutPresentation {
  /** Index of the stimulus. */
  readonly stim: number;
  /** Indices of the cells that responded. */
  readonly cells: readonly number[];
  /** Counts of the gate since the presentation before. */
  readonly tally: GateTally;
}

/** Recording session of a dataset. */
export interface LayoutSession {
  readonly id: string;
  /** Indices of its cells, in the order of the session. */
  readonly cells: readonly number[];
  /** Identity of the cells: sessions with the same group list the same cells. */
  readonly group: object;
  /** Whether cells and stimuli without a response are kept. */
  readonly hasTable: boolean;
  readonly presentations: readonly LayoutPresentation[];
}

/** Sessions that a dataset was made of, beside its tensors. */
export interface DatasetLayout {
  readonly sessions: readonly LayoutSession[];
  /** Number of each cell in its data set's table. */
  readonly cellNumbers: readonly number[];
  /** Duration of each stimulus in ms. */
  readonly durationsMs: readonly number[];
  /** Counts of the gate after the last presentation. */
  readonly rest: GateTally;
}

/** Content of a dataset, as far as a layout refers to it. */
interface DatasetContent {
  readonly stims: readonly Tensor[];
  readonly nrnMeta: readonly CellMeta[];
  readonly nrnMasks: readonly (readonly boolean[])[];
  readonly tally: GateTally;
  readonly dt: number;
}

const layouts = new WeakMap<DatasetContent, DatasetLayout>();

/** Stores the layout of a dataset. */
export function setLayout(
  dataset: DatasetContent,
  layout: DatasetLayout,
): void {
  layouts.set(dataset, layout);
}

/** Layout of a dataset; by default one session with all of it. */
export function layoutOf(dataset: DatasetContent): DatasetLayout {
  return layouts.get(dataset) ?? plainLayout(dataset);
}

function plainLayout(
  { stims, nrnMeta, nrnMasks, tally, dt }: DatasetContent,
): DatasetLayout {
  const cells = [...nrnMeta.keys()];
  return {
    sessions: [{
      id: "dataset",
      cells,
      group: {},
      hasTable: true,
      presentations: nrnMasks.map((heard, stim) => ({
        stim,
        cells: cells.filter((cell) => heard[cell]),
        // Only the total is known: it comes with the first presentation.
        tally: stim === 0 ? tally : NO_TALLY,
      })),
    }],
    cellNumbers: cells,
    durationsMs: stims.map((stim) => timeBins(stim) * dt),
    rest: NO_TALLY,
  };
}

/** Layout of concatenated datasets: cells and stimuli are renumbered. */
export function concatLayouts(
  datasets: readonly DatasetContent[],
): DatasetLayout {
  const sessions: LayoutSession[] = [];
  const cellNumbers: number[] = [];
  const durationsMs: number[] = [];
  const rest = new TallySum();
  for (const dataset of datasets) {
    const layout = layoutOf(dataset);
    const firstCell = cellNumbers.length;
    const firstStim = durationsMs.length;
    const firstNumber = cellNumbers.reduce((a, b) => Math.max(a, b + 1), 0);
    // New groups: the same dataset may be concatenated twice.
    const groups = new Map(layout.sessions.map(({ group }) => [group, {}]));
    const shifted = (cells: readonly number[]): number[] =>
      cells.map((cell) => firstCell + cell);
    sessions.push(...layout.sessions.map((session) => ({
      ...session,
      cells: shifted(session.cells),
      group: groups.get(session.group) ?? {},
      presentations: session.presentations.map(({ stim, cells, tally }) => ({
        stim: firstStim + stim,
        cells: shifted(cells),
        tally,
      })),
    })));
    cellNumbers.push(
      ...layout.cellNumbers.map((number) => firstNumber + number),
    );
    durationsMs.push(...layout.durationsMs);
    rest.add(layout.rest);
  }
  return { sessions, cellNumbers, durationsMs, rest: rest.total };
}
