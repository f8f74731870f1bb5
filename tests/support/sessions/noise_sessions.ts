import type { CellResponse, Presentation, Session, Stimulus } from "rxephys";
import { from, type Observable } from "rxjs";
import { seeded } from "./traces.ts";

/** Amount of noise. */
export interface NoiseSize {
  readonly sessions: number;
  /** Presentations of each session, all of new stimuli. */
  readonly presentations: number;
  readonly cells: number;
  readonly repeats: number;
  readonly bands: number;
  readonly bins: number;
  /** Called before each read. */
  readonly onRead?: () => void;
}

/** Sessions as after `mask()`, made when they are read. */
export function noiseSessions(size: NoiseSize): Observable<Session> {
  const numbers = Array.from({ length: size.sessions }, (_, i) => i);
  return from(numbers.map((number) => session(number, size)));
}

function session(number: number, size: NoiseSize): Session {
  return {
    id: `s${number}`,
    cells: Array.from({ length: size.cells }, (_, n) => ({
      cellId: `s${number}.${n}`,
    })),
    presentations: () =>
      Promise.resolve(Array.from(
        { length: size.presentations },
        (_, p) => presentation(number * size.presentations + p, size),
      )),
  };
}

function presentation(number: number, size: NoiseSize): Presentation {
  const { bands, bins, cells, repeats } = size;
  const stimulus: Stimulus = {
    key: `k${number}`,
    meta: { description: `noise ${number}` },
    durationMs: 5 * bins,
    read: () => {
      size.onRead?.();
      const data = noise(bands * bins, number);
      return Promise.resolve({ data, shape: [1, bands, bins], dtMs: 5 });
    },
  };
  const response = (cell: number): CellResponse => ({
    repeats: Array.from(
      { length: repeats },
      (_, r) => noise(bins, 1 + r + repeats * (cell + cells * number)),
    ),
    scale: 1,
    rateHz: 200,
    dtMs: 5,
    kind: "subthresh",
    unit: "mV",
  });
  return {
    stimulus,
    read: () =>
      Promise.resolve({
        responses: Array.from({ length: cells }, (_, n) => response(n)),
        tally: { range: 0, step: 0, xcorr: 0, kept: repeats * cells },
      }),
  };
}

const WORDS = Float32Array.from({ length: 1 << 16 }, seeded(1));

/** Copies noise from one table, so that making it does not dominate the time. */
function noise(length: number, seed: number): Float32Array {
  const out = new Float32Array(length);
  for (let at = 0; at < length;) {
    const start = (at + 7919 * seed) % WORDS.length;
    const words = WORDS.subarray(start, start + length - at);
    out.set(words, at);
    at += words.length;
  }
  return out;
}
