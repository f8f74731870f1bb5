/** One run of the Wingert bench: prints {@linkcode WingertFigures} as JSON. */
import process from "node:process";
import {
  type NeuralDataset,
  toDataset,
  toNdjson,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import { linesOf } from "./_files.ts";
import { itemAt } from "../tests/support/item_at.ts";

/** Sink of a run. */
export type WingertSink = "dataset" | "ndjson";

/** Counts and sums of the data, which every reader must find. */
export interface WingertResult {
  readonly stimuli: number;
  readonly cells: number;
  /** Pairs of a stimulus and a cell that heard it. */
  readonly responses: number;
  /** Sum over all stimuli, if requested. */
  readonly sound?: number;
  /** Sum over all responses, if requested. */
  readonly spikes?: number;
}

/** Figures of a run. */
export interface WingertFigures {
  readonly sessions: number;
  readonly seconds: number;
  /** CPU seconds of the process from its start. */
  readonly cpuSeconds: number;
  /** Bytes. */
  readonly peakRss: number;
  readonly result: WingertResult;
}

/** @param folder An empty folder, so that every run finds the sessions itself. */
async function runDataset(
  release: string,
  folder: string,
  isChecked: boolean,
): Promise<WingertFigures> {
  const watch = new Watch();
  const dataset = await lastValueFrom(
    stream(release, folder).pipe(toDataset({ onProgress: watch.update })),
  );
  const figures = watch.figures();
  const result = {
    stimuli: dataset.S,
    cells: dataset.N,
    responses: dataset.nrnMasks.flat().filter(Boolean).length,
    ...(isChecked ? sumsOfDataset(dataset) : {}),
  };
  return { ...figures, result };
}

async function runNdjson(
  release: string,
  folder: string,
  isChecked: boolean,
): Promise<WingertFigures> {
  const path = `${folder}/out.ndjson`;
  const watch = new Watch();
  const { stimuli, cells, responses } = await lastValueFrom(
    stream(release, folder).pipe(toNdjson(path, { onProgress: watch.update })),
  );
  const figures = watch.figures();
  const sums = isChecked ? await sumsOfNdjson(path) : {};
  return { ...figures, result: { stimuli, cells, responses, ...sums } };
}

function stream(
  release: string,
  indexFolder: string,
): ReturnType<typeof wingert2026> {
  const parallel = Deno.args.includes("--parallel");
  return wingert2026(release, { indexFolder }).pipe(wingert2026Pipeline({
    parallel,
    ...(!Deno.args.includes("--normalize") && { normalize: "none" }),
  }));
}

/** Measures time and memory from its construction to `figures()`. */
class Watch {
  readonly #started = performance.now();
  #sessions = 0;
  #peakRss = 0;

  readonly update = ({ sessionsDone }: { sessionsDone: number }): void => {
    this.#sessions = sessionsDone;
    this.#peakRss = Math.max(this.#peakRss, Deno.memoryUsage().rss);
  };

  figures(): Omit<WingertFigures, "result"> {
    const { user, system } = process.cpuUsage();
    return {
      sessions: this.#sessions,
      seconds: (performance.now() - this.#started) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakRss: Math.max(this.#peakRss, highWaterMark()),
    };
  }
}

/** Peak memory by the kernel, if available; samples may miss a peak. */
function highWaterMark(): number {
  if (Deno.build.os !== "linux") return 0;
  const status = Deno.readTextFileSync("/proc/self/status");
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

function sumsOfDataset(
  { stims, responses, nrnMasks }: NeuralDataset,
): { sound: number; spikes: number } {
  let sound = 0;
  let spikes = 0;
  stims.forEach((stim, s) => {
    sound += sum(stim.data);
    responses[s]?.forEach(({ data }, n) => {
      if (nrnMasks[s]?.[n]) spikes += sum(data);
    });
  });
  return { sound, spikes };
}

async function sumsOfNdjson(
  path: string,
): Promise<{ sound: number; spikes: number }> {
  const sums = { sound: 0, spikes: 0 };
  for await (const line of linesOf(path)) {
    const { type, data } = JSON.parse(line);
    if (type === "rest") continue;
    const bytes = Uint8Array.fromBase64(data);
    const values = new Float32Array(bytes.buffer);
    sums[type === "stimulus" ? "sound" : "spikes"] += sum(values);
  }
  return sums;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

// At the end, since a class is not defined before its line.
if (import.meta.main) {
  const [, sink] = Deno.args;
  const run = sink === "dataset" ? runDataset : runNdjson;
  const indexFolder = await Deno.makeTempDir();
  try {
    const figures = await run(
      itemAt(Deno.args, 0),
      indexFolder,
      Deno.args.includes("--check"),
    );
    console.log(JSON.stringify(figures));
  } finally {
    await Deno.remove(indexFolder, { recursive: true });
  }
}
