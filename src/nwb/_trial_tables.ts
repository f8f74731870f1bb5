import type { GateReason, GateTally } from "../session.ts";
import type { Hdf5File, SeriesReference } from "./_hdf5_file.ts";
import { type Column, endsOf, writeTable } from "./_nwb_objects.ts";

interface Interval {
  /** Start in s. */
  readonly startS: number;
  /** End in s. */
  readonly stopS: number;
  /** Key of the stimulus. */
  readonly stimulus: string;
}

/** All repeats of one stimulus. */
export interface PresentationRow extends Interval {
  /** Repeats of the cell with most of them. */
  readonly repeats: number;
  readonly tally: GateTally;
  /** Facts about the cells' responses, as JSON. */
  readonly facts: string;
}

/** One repeat. */
export interface TrialRow extends Interval {
  /** Row of the presentation. */
  readonly presentation: number;
  readonly repeat: number;
  /** Stimulus and traces. */
  readonly series: readonly SeriesReference[];
}

const REASONS: Readonly<Record<GateReason, string>> = {
  kept: "repeats that the gate kept, of all cells",
  range: "repeats that the gate dropped for their range",
  step: "repeats that the gate dropped for a step",
  xcorr: "repeats that the gate dropped for their correlation",
};

/** The tables of trials and presentations. */
export class TrialTables {
  readonly #presentations: PresentationRow[] = [];
  readonly #trials: TrialRow[] = [];

  /** Adds a presentation; returns its row. */
  presentation(row: PresentationRow): number {
    return this.#presentations.push(row) - 1;
  }

  trial(row: TrialRow): void {
    this.#trials.push(row);
  }

  /** Number of trials so far: the row of the next one. */
  get trials(): number {
    return this.#trials.length;
  }

  /** Writes both tables, unless they are empty. */
  write(file: Hdf5File): void {
    const [presentations, trials] = [this.#presentations, this.#trials];
    if (presentations.length > 0) {
      writeTable(
        file,
        "intervals/presentations",
        "TimeIntervals",
        "All repeats of one stimulus",
        {
          ...intervalColumns(presentations),
          repeats: {
            description: "repeats of the cell with most of them",
            values: Int32Array.from(presentations, ({ repeats }) => repeats),
          },
          ...tallyColumns(presentations),
          facts: {
            description:
              "groups of cells, and all that the stream knows of their " +
              "responses but the values, as JSON",
            values: presentations.map(({ facts }) => facts),
          },
        },
      );
    }
    if (trials.length === 0) return;
    writeTable(
      file,
      "intervals/trials",
      "TimeIntervals",
      "One repeat of a stimulus",
      {
        ...intervalColumns(trials),
        presentation: {
          description: "row of the table presentations",
          values: Int32Array.from(trials, ({ presentation }) => presentation),
        },
        repeat: {
          description: "number of the repeat, from 0, of those that are left",
          values: Int32Array.from(trials, ({ repeat }) => repeat),
        },
        gate: {
          description:
            "verdict of the gate: kept, or none without a gate; the " +
            "table presentations counts repeats that it dropped",
          values: trials.map(({ presentation }) =>
            isGated(presentations[presentation]) ? "kept" : "none"
          ),
        },
        timeseries: {
          description: "time series of each row: the stimulus, then the traces",
          series: trials.flatMap(({ series }) => series),
          ends: endsOf(trials.map(({ series }) => series)),
        },
      },
    );
  }
}

function isGated(presentation: PresentationRow | undefined): boolean {
  return Object.values(presentation?.tally ?? {}).some((count) => count > 0);
}

function intervalColumns(rows: readonly Interval[]): Record<string, Column> {
  return {
    start_time: {
      description: "start in s",
      values: Float64Array.from(rows, ({ startS }) => startS),
    },
    stop_time: {
      description: "end in s",
      values: Float64Array.from(rows, ({ stopS }) => stopS),
    },
    stimulus: {
      description: "key of the stimulus",
      values: rows.map(({ stimulus }) => stimulus),
    },
  };
}

function tallyColumns(
  rows: readonly PresentationRow[],
): Record<string, Column> {
  const reasons = Object.entries(REASONS) as [GateReason, string][];
  return Object.fromEntries(reasons.map(([reason, description]) => [
    `gate_${reason}`,
    {
      description,
      values: Int32Array.from(rows, ({ tally }) => tally[reason]),
    },
  ]));
}
