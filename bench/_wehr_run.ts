/** One run of the end-to-end bench: prints {@linkcode RunFigures} as JSON. */
import { crcnsAc1Pipeline, toDataset, toNdjson, wehr } from "rxephys";
import { lastValueFrom } from "rxjs";

/** Where a run ends. */
export type RunSink = "dataset" | "ndjson";

/** What a run measures. */
export interface RunFigures {
  readonly sessions: number;
  readonly seconds: number;
  /** Time to the first presentation. */
  readonly firstSeconds: number;
  /** Bytes. */
  readonly peakRss: number;
  /** Counts of what was read, the same for every sink. */
  readonly result: string;
}

if (import.meta.main) {
  const [release, sink] = Deno.args;
  console.log(JSON.stringify(await run(release, sink as RunSink)));
}

async function run(release: string, sink: RunSink): Promise<RunFigures> {
  const started = performance.now();
  let sessions = 0;
  let firstMs = 0;
  let peakRss = 0;
  const onProgress = ({ sessionsDone }: { sessionsDone: number }): void => {
    firstMs ||= performance.now() - started;
    sessions = sessionsDone;
    peakRss = Math.max(peakRss, Deno.memoryUsage().rss);
  };
  const stream = wehr(release).pipe(crcnsAc1Pipeline());
  const result = sink === "dataset"
    ? await lastValueFrom(stream.pipe(toDataset({ onProgress }))).then(
      ({ S, N, tally }) => ({ stimuli: S, cells: N, tally }),
    )
    : await writeNdjson(stream, onProgress);
  return {
    sessions,
    seconds: (performance.now() - started) / 1000,
    firstSeconds: firstMs / 1000,
    peakRss: Math.max(peakRss, highWaterMark()),
    result: JSON.stringify(result),
  };
}

async function writeNdjson(
  stream: ReturnType<typeof wehr>,
  onProgress: (progress: { sessionsDone: number }) => void,
): Promise<unknown> {
  const path = await Deno.makeTempFile();
  try {
    const { stimuli, cells, tally } = await lastValueFrom(
      stream.pipe(toNdjson(path, { onProgress })),
    );
    return { stimuli, cells, tally };
  } finally {
    await Deno.remove(path);
  }
}

/** The kernel's own account where there is one: samples may miss a peak. */
function highWaterMark(): number {
  if (Deno.build.os !== "linux") return 0;
  const status = Deno.readTextFileSync("/proc/self/status");
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
