import type {
  CellMeta,
  CellResponse,
  Presentation,
  Samples,
  Session,
  Waveform,
} from "rxephys";

/** One stimulus of a fake session and the repeats of each cell. */
export interface FakePresentation {
  readonly key: string;
  readonly durationMs: number;
  readonly waveform: Samples;
  /** Repeats of each cell, or null. */
  readonly repeats: readonly (readonly Samples[] | null)[];
}

/** Counts of a fake session. */
export interface FakeCounts {
  presentations: number;
  stimuli: number;
  trials: number;
}

/** A session in memory that counts its reads. */
export function fakeSession(
  id: string,
  cells: readonly CellMeta[],
  content: readonly FakePresentation[],
  {
    counts = { presentations: 0, stimuli: 0, trials: 0 },
    rateHz = 1000,
    scale = 1,
  }: { counts?: FakeCounts; rateHz?: number; scale?: number } = {},
): Session {
  const response = (repeats: readonly Samples[] | null): CellResponse | null =>
    repeats && { repeats, scale, rateHz, kind: "raw" };
  const presentation = (item: FakePresentation): Presentation => ({
    stimulus: {
      key: item.key,
      meta: { description: item.key },
      durationMs: item.durationMs,
      read: (): Promise<Waveform> => {
        counts.stimuli++;
        return Promise.resolve({ samples: item.waveform, rateHz: 10_000 });
      },
    },
    read: () => {
      counts.trials++;
      return Promise.resolve({
        responses: item.repeats.map(response),
        tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
      });
    },
  });
  return {
    id,
    cells,
    presentations: () => {
      counts.presentations++;
      return Promise.resolve(content.map(presentation));
    },
  };
}

/** Deterministic samples, -1 to 1. */
export function fakeSamples(length: number, seed: number): Float64Array {
  let state = seed >>> 0 || 1;
  return Float64Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  });
}
