/**
 * Writes a session of traces as NWB, or reads it: `traces_process.ts write|read FOLDER
 * [MEGABYTES]`. Prints {@linkcode TracesFigures} as JSON.
 */
import type { CellResponse, Session } from "rxephys";
import { nwb, toNwb } from "rxephys/nwb";
import { lastValueFrom, of } from "rxjs";
import { peakRss } from "../peak_rss.ts";

/** Time and memory of a run. */
export interface TracesFigures {
  readonly seconds: number;
  /** Peak resident memory in bytes. */
  readonly peakRss: number;
  /** Sum of each trace that was read. */
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

/** Numbers from which traces are cut, so that making them takes no time. */
const NUMBERS = Int16Array.from(
  { length: 2 * SAMPLES },
  (_, i) => (i * 7919) % 20_011,
);

/** A stretch that differs from that of every other trace. */
function trace(seed: number): Int16Array {
  const start = seed % SAMPLES;
  return NUMBERS.subarray(start, start + SAMPLES);
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
  const figures: TracesFigures = { seconds, peakRss: peakRss(), sums };
  console.log(JSON.stringify(figures));
}
