/**
 * Writes or reads a session of traces, as a process of its own; prints seconds, and
 * of a read the sum of each trace.
 *
 * Run: `deno run -A bench/nwb/_traces_run.ts write|read FOLDER [MEGABYTES]`.
 */
import type { CellResponse, Session } from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import { lastValueFrom, of } from "rxjs";

/** Figures of a read. */
export interface TracesRun {
  readonly seconds: number;
  readonly sums: readonly number[];
}

/** Samples of a trace: 10 s at 10 kHz, 200 kB. */
const SAMPLES = 100_000;
const REPEATS = 10;
const MEGABYTES_A_STIMULUS = 2 * SAMPLES * REPEATS / 1e6;

/** A whole-cell session, int16, of 10 repeats for each of its sounds. */
function session(megabytes: number): Session {
  const count = Math.ceil(megabytes / MEGABYTES_A_STIMULUS);
  const samples = Float32Array.from({ length: 5000 }, (_, i) => i % 100);
  const durationMs = 10_000;
  const presentations = Array.from({ length: count }, (_, number) => ({
    stimulus: {
      key: `tone ${number}`,
      meta: {},
      durationMs,
      read: () => Promise.resolve({ samples, rateHz: 500 }),
    },
    read: () =>
      Promise.resolve({
        responses: [responseTo(number)],
        tally: { range: 0, step: 0, xcorr: 0, kept: REPEATS },
      }),
  }));
  return {
    id: "long",
    cells: [{ cellId: "a", species: "mouse", recordingType: "whole-cell" }],
    presentations: () => Promise.resolve(presentations),
  };
}

function responseTo(number: number): CellResponse {
  const seeds = Array.from({ length: REPEATS }, (_, n) => REPEATS * number + n);
  const repeats = seeds.map(trace);
  return { repeats, scale: 0.01, rateHz: 10_000, kind: "raw", unit: "mV" };
}

/** Numbers that differ from those of every other trace. */
function trace(seed: number): Int16Array {
  const step = 7919 + 2 * seed;
  return Int16Array.from({ length: SAMPLES }, (_, i) => (i * step) % 20_011);
}

async function written(folder: string, megabytes: number): Promise<number[]> {
  await lastValueFrom(of(session(megabytes)).pipe(toNwb(folder)));
  return [];
}

async function readSums(folder: string): Promise<number[]> {
  const sums: number[] = [];
  const session = await lastValueFrom(nwb(folder));
  for (const presentation of await session.presentations()) {
    const { responses } = await presentation.read();
    for (const response of responses) {
      for (const repeat of response?.repeats ?? []) {
        let sum = 0;
        for (let at = 0; at < repeat.length; at++) sum += repeat[at] as number;
        sums.push(sum);
      }
    }
  }
  return sums;
}

if (import.meta.main) {
  const [act, folder = "", megabytes] = Deno.args;
  const started = performance.now();
  const sums = act === "read"
    ? await readSums(folder)
    : await written(folder, Number(megabytes));
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ seconds, sums } satisfies TracesRun));
}
