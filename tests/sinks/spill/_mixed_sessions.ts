import {
  type CellResponse,
  normalize,
  type NormalizeRanges,
  type Presentation,
  type Samples,
  type Session,
} from "rxephys";
import { from, lastValueFrom } from "rxjs";
import { sfc32 } from "../../../src/base/random.ts";
import { withLineage } from "../../../src/stream/lineage.ts";

/** Reads of sessions, in order. */
export type ReadLog = string[];

/** Ways to normalise. */
export const METHODS = ["global", "bandAndNeuron"] as const;

/** Sounds of session `a`, of which `b` repeats the last one. */
const HEARD: Readonly<Record<string, readonly string[]>> = {
  a: ["one", "silent", "two"],
  b: ["two", "three", "wave"],
  c: ["four"],
};

/**
 * Three sessions of two cells: responses of each class of samples, with and without
 * a scale, ragged or missing; spectrograms, a waveform, a sound that two sessions
 * heard and one that no cell answered; the last session has a table of cells.
 */
export function mixedSessions(log: ReadLog = []): Session[] {
  return Object.entries(HEARD).map(([id, keys]) => {
    const session: Session = {
      id,
      cells: [{ cellId: `${id}1` }, { cellId: `${id}2` }],
      presentations: ({ signal } = {}) => {
        signal?.throwIfAborted();
        log.push(`${id} list`);
        return Promise.resolve(keys.map((key) => presentation(id, key, log)));
      },
    };
    return id === "c" ? withLineage(session, { cellNumbers: [4, 1] }) : session;
  });
}

/** Ranges of {@linkcode mixedSessions}, by a dry first pass. */
export async function mixedRanges(
  method: NormalizeRanges["method"],
): Promise<NormalizeRanges> {
  const { promise, resolve } = Promise.withResolvers<NormalizeRanges>();
  const session = await lastValueFrom(
    from(mixedSessions()).pipe(normalize({ method, onRanges: resolve })),
  );
  const [first] = await session.presentations();
  await first?.read();
  return await promise;
}

function presentation(id: string, key: string, log: ReadLog): Presentation {
  return {
    stimulus: {
      key,
      meta: { description: `sound ${key}` },
      durationMs: 60,
      read: ({ signal } = {}) => {
        signal?.throwIfAborted();
        log.push(`stimulus ${key}`);
        if (key === "wave") {
          const samples = Int16Array.from(drawn(50, 7), (value) => value);
          return Promise.resolve({ samples, rateHz: 8000 });
        }
        return Promise.resolve({
          data: Float32Array.from(drawn(2 * 6, key.length)),
          shape: [1, 2, 6],
          dtMs: 10,
          unit: "dB",
          bandsHz: [100, 1000 / 3],
        });
      },
    },
    dtMs: 10,
    read: ({ signal } = {}) => {
      signal?.throwIfAborted();
      log.push(`responses ${id} ${key}`);
      const responses = key === "silent"
        ? [null, null]
        : [response(id, key), key === "one" ? null : response(id, `${key}!`)];
      return Promise.resolve({
        responses,
        tally: { range: 1, step: 0, xcorr: 2, kept: key.length },
      });
    },
  };
}

const MAKES: Readonly<Record<string, (values: number[]) => Samples>> = {
  a: (values) => Float64Array.from(values),
  b: (values) => Int16Array.from(values),
  c: (values) => Float32Array.from(values),
};

function response(id: string, key: string): CellResponse {
  const make = MAKES[id] as (values: number[]) => Samples;
  const lengths = key === "three" ? [6, 4, 5] : [6, 6];
  return {
    repeats: lengths.map((length, r) => make(drawn(length, r + key.length))),
    scale: id === "b" ? 0.1 : 1,
    kind: "subthresh",
    rateHz: 100,
    dtMs: 10,
    ...(id !== "c" && { unit: "mV" }),
  };
}

function drawn(length: number, seed: number): number[] {
  const random = sfc32(seed);
  return Array.from({ length }, () => 90 * random() / 2 ** 32);
}
