import { of } from "rxjs";
import {
  type NeuralDataset,
  randomSplit,
  type SplitStimuli,
} from "../dataset/mod.ts";
import { FitError, RecordingError } from "../errors.ts";
import { type CellScore, fitStrf, StrfFit } from "../models/mod.ts";
import type { ReadOptions, Session } from "../session.ts";
import { lastUnlessAborted } from "../stream/last_unless_aborted.ts";
import { toDataset } from "../sinks/to_dataset.ts";
import { type SessionCount, SessionCounter } from "./session_count.ts";

/** A session that was read, with the quality and fits of its cells. */
export interface SessionData {
  readonly count: SessionCount;
  /** Null if nothing responded. */
  readonly dataset: NeuralDataset | null;
  /** Fits by index of the cell in the dataset. */
  readonly fits: ReadonlyMap<number, CellFit>;
}

/** Receptive field of a cell, and how well it predicts. */
export interface CellFit {
  readonly fit: StrfFit;
  readonly score: CellScore;
  readonly split: SplitStimuli;
}

/** Fewest stimuli for a fit: one to fit to, to choose the penalty by, to test. */
const LEAST_STIMULI = 3;

/**
 * Reads one session through its chain: all that a report needs of it is in memory
 * then, and of no other session.
 */
export async function readSession(
  session: Session,
  isFitted: boolean,
  reading: ReadOptions,
): Promise<SessionData> {
  const counter = new SessionCounter(session);
  const dataset = await datasetOf(counted(session, counter), counter, reading);
  dataset?.computeNeuronQuality();
  reading.signal?.throwIfAborted();
  const fits = dataset && isFitted ? fitsOf(dataset) : new Map();
  return { count: counter.count(), dataset, fits };
}

/** The session, whose reads are counted. */
function counted(session: Session, counter: SessionCounter): Session {
  return {
    ...session,
    presentations: async (options) => {
      const all = await session.presentations(options);
      return all.map((presentation) => ({
        ...presentation,
        read: async (options): ReturnType<typeof presentation.read> => {
          const trials = await presentation.read(options);
          counter.add(presentation.stimulus, trials);
          return trials;
        },
      }));
    },
  };
}

async function datasetOf(
  session: Session,
  counter: SessionCounter,
  reading: ReadOptions,
): Promise<NeuralDataset | null> {
  try {
    const made = of(session).pipe(toDataset());
    return await lastUnlessAborted(made, reading);
  } catch (error) {
    // There is no dataset of a session in which nothing responded.
    if (!(error instanceof RecordingError) || counter.count().repeats > 0) {
      throw error;
    }
    return null;
  }
}

function fitsOf(dataset: NeuralDataset): Map<number, CellFit> {
  const cells = dataset.nrnMeta.flatMap((_, cell) =>
    dataset.nrnMasks.filter((row) => row[cell]).length >= LEAST_STIMULI
      ? [cell]
      : []
  );
  if (cells.length === 0 || dataset.F === 0) return new Map();
  const split = cells.map((cell) => randomSplit(dataset, cell));
  try {
    const fit = fitStrf(dataset, { cells, split });
    const scores = fit.score(dataset, split);
    const all = cells.flatMap((cell, i) => {
      const [field, score, parts] = [fit.cells[i], scores[i], split[i]];
      if (!field || !score || !parts) return [];
      const one = { fit: new StrfFit([field]), score, split: parts };
      return [[cell, one] as const];
    });
    return new Map(all);
  } catch (error) {
    // Responses that never change determine no field.
    if (error instanceof FitError) return new Map();
    throw error;
  }
}
