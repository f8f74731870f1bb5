import type { CellResponse, GateTally, Presentation, Session } from "rxephys";

/** A stimulus of a binned and aligned session. */
export interface ReadyStimulus {
  readonly key: string;
  /** Bins of the stimulus. */
  readonly bins: number;
  /** Repeats of each cell, all with the same number of bins, or null. */
  readonly repeats: readonly (readonly number[][] | null)[];
  readonly tally?: GateTally;
}

/** Reads of a ready session, in order. */
export type ReadLog = string[];

/** A session as after `mask()`: two bands, bins of 5 ms. */
export function readySession(
  id: string,
  cells: number,
  stimuli: readonly ReadyStimulus[],
  log: ReadLog = [],
): Session {
  return {
    id,
    cells: Array.from({ length: cells }, (_, n) => ({ cellId: `${id}.${n}` })),
    presentations: () => {
      log.push(`${id} list`);
      return Promise.resolve(stimuli.map((item) => ready(item, id, log)));
    },
  };
}

function ready(item: ReadyStimulus, id: string, log: ReadLog): Presentation {
  const data = Float32Array.from({ length: 2 * item.bins }, (_, i) => i);
  const response = (repeats: readonly number[][] | null): CellResponse | null =>
    repeats && {
      repeats: repeats.map((repeat) => Float32Array.from(repeat)),
      scale: 1,
      rateHz: 200,
      dtMs: 5,
      kind: "subthresh",
      unit: "mV",
    };
  return {
    stimulus: {
      key: item.key,
      meta: { description: item.key },
      durationMs: 5 * item.bins,
      read: () => {
        log.push(`${id} stimulus ${item.key}`);
        return Promise.resolve({
          data,
          shape: [1, 2, item.bins],
          unit: "dB",
          dtMs: 5,
        });
      },
    },
    read: ({ signal } = {}) => {
      signal?.throwIfAborted();
      log.push(`${id} trials ${item.key}`);
      return Promise.resolve({
        responses: item.repeats.map(response),
        tally: item.tally ?? { range: 0, step: 0, xcorr: 0, kept: 1 },
      });
    },
  };
}
