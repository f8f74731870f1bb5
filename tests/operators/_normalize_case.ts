import { withLineage } from "../../src/stream/lineage.ts";
import { itemAt } from "../support/item_at.ts";
import type { CellResponse, Session, Tensor } from "rxephys";

/** Input and NumPy's results for `normalize`. */
export interface NormalizeReference {
  readonly stimuli: readonly { shape: number[]; data: number[] }[];
  /** `[cell][stimulus][repeat][bin]`. */
  readonly responses: readonly number[][][][];
  readonly global: {
    readonly ranges: readonly [number, number][];
    readonly stimuli: readonly number[][];
    readonly responses: readonly number[][][][];
  };
  readonly bandAndNeuron: {
    readonly bands: readonly [number, number][];
    readonly stimuli: readonly number[][];
    readonly responses: readonly number[][][][];
  };
}

/** The committed reference. */
export function normalizeReference(): NormalizeReference {
  const path = "../fixtures/normalize/normalize.json";
  return JSON.parse(Deno.readTextFileSync(new URL(path, import.meta.url)));
}

/** Reads of a session, in order. */
export type ReadLog = string[];

/** Options of {@linkcode tensorSession}. */
export interface TensorSessionOptions {
  readonly log?: ReadLog;
  readonly cellIds?: readonly string[];
  readonly cellNumbers?: readonly number[];
}

/**
 * Makes a session of tensors and spike counts.
 *
 * @param responses `[cell][stimulus][repeat][bin]`, null for stimuli not heard.
 */
export function tensorSession(
  id: string,
  stimuli: readonly { shape: number[]; data: number[] }[],
  responses: readonly (number[][] | null)[][],
  { log = [], cellIds, cellNumbers }: TensorSessionOptions = {},
): Session {
  return withLineage({
    id,
    cells: responses.map((_, n) =>
      cellIds ? { cellId: itemAt(cellIds, n) } : {}
    ),
    presentations: () => {
      log.push(`${id} list`);
      return Promise.resolve(stimuli.map(({ shape, data }, s) => ({
        stimulus: {
          key: `${id}/${s}`,
          meta: {},
          durationMs: 10 * itemAt(shape, 2),
          read: ({ signal } = {}): Promise<Tensor> => {
            signal?.throwIfAborted();
            log.push(`${id} stimulus ${s}`);
            const values = Float32Array.from(data);
            return Promise.resolve({ data: values, shape, dtMs: 10 });
          },
        },
        dtMs: 10,
        read: ({ signal } = {}) => {
          signal?.throwIfAborted();
          log.push(`${id} responses ${s}`);
          return Promise.resolve({
            responses: responses.map((cell) => counted(itemAt(cell, s))),
            tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
          });
        },
      })));
    },
  }, cellNumbers ? { cellNumbers } : {});
}

function counted(repeats: number[][] | null): CellResponse | null {
  return repeats && {
    kind: "spikes",
    rateHz: 100,
    dtMs: 10,
    scale: 1,
    repeats: repeats.map((repeat) => Float32Array.from(repeat)),
  };
}
