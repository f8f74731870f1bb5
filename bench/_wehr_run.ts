/** One run of the end-to-end bench: prints {@linkcode RunFigures} as JSON. */
import process from "node:process";
import { parseArgs } from "node:util";
import { concatMap, lastValueFrom, type Observable, of } from "rxjs";
import {
  crcnsAc1Pipeline,
  mapResponses,
  type Session,
  toDataset,
  toNdjson,
  wehr,
} from "rxephys";
import { writeArrays } from "./_arrays_file.ts";

/** Figures of a run. */
export interface RunFigures {
  /** Seconds from the call of the source to the result. */
  readonly seconds: number;
  /** Seconds to the first presentation in the sink, and to the first whole session. */
  readonly firstPresentation: number;
  readonly firstSession: number;
  /** CPU seconds of the process from its start. */
  readonly cpuSeconds: number;
  /** Trials that the gate kept or dropped. */
  readonly trials: number;
}

const PATIENCE_MS = 1000;
const SLOW_PRESENTATIONS = 50;
const SLOW_OPERATOR_MS = 20;

const { values, positionals: [release, sink] } = parseArgs({
  allowPositionals: true,
  options: {
    parallel: { type: "boolean" },
    /** Path of the result, for a comparison. */
    out: { type: "string" },
    /** The slow part: `consumer` or `operators`. */
    slow: { type: "string" },
  },
});

const started = performance.now();
let firstMs = 0;
let sessionMs = 0;
const onProgress = ({ sessionsDone }: { sessionsDone: number }): void => {
  firstMs ||= performance.now() - started;
  if (sessionsDone > 0) sessionMs ||= performance.now() - started;
};

const tally = await (sink === "dataset" ? runDataset() : runNdjson());
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
const figures: RunFigures = {
  seconds,
  firstPresentation: firstMs / 1000,
  firstSession: sessionMs / 1000,
  cpuSeconds: (user + system) / 1e6,
  trials: Object.values(tally).reduce((sum, count) => sum + count, 0),
};
console.log(JSON.stringify(figures));

async function runDataset(): Promise<Record<string, number>> {
  const dataset = await lastValueFrom(
    sessions().pipe(toDataset({ onProgress })),
  );
  if (values.out) await writeArrays(values.out, dataset);
  return { ...dataset.tally };
}

async function runNdjson(): Promise<Record<string, number>> {
  const folder = await Deno.makeTempDir();
  try {
    const target = values.slow === "consumer"
      ? slowConsumer()
      : values.out ?? `${folder}/out.ndjson`;
    const { tally } = await lastValueFrom(
      sessions().pipe(toNdjson(target, { onProgress })),
    );
    return { ...tally };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function sessions(): Observable<Session> {
  const { parallel = false } = values;
  const stream = wehr(release).pipe(crcnsAc1Pipeline({ parallel }));
  if (values.slow !== "operators") return stream;
  return stream.pipe(
    concatMap((session) => slowly(session)),
    mapResponses((response) => slowly(response)),
  );
}

async function slowly<Value>(value: Value): Promise<Value> {
  await delay(SLOW_OPERATOR_MS);
  return await lastValueFrom(of(value));
}

/** Takes a second for each of the first presentations, and no time for the rest. */
function slowConsumer(): WritableStream<Uint8Array> {
  let writes = 0;
  return new WritableStream({
    write: async () => {
      if (writes++ < SLOW_PRESENTATIONS) await delay(PATIENCE_MS);
    },
  });
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
