import process from "node:process";
import type { Batch, BatchReport } from "./_worker.ts";

/** Greatest processor time for reading one file. */
const MAX_CPU_MS = 2000;
/** Greatest time on the clock: a promise that never settles takes no processor time. */
const MAX_WALL_MS = 10_000;
const LOOK_MS = 100;

/**
 * Runs a batch in a worker, and ends it if a case takes too long. Processor time
 * counts, so a busy machine does not fail a reader.
 */
export async function watchedBatch(
  batch: Omit<Batch, "current">,
): Promise<BatchReport> {
  const current = new Int32Array(new SharedArrayBuffer(4)).fill(batch.from);
  const worker = new Worker(new URL("_worker.ts", import.meta.url), {
    type: "module",
  });
  const report = Promise.withResolvers<BatchReport>();
  worker.onmessage = ({ data }): void => report.resolve(data);
  worker.onerror = (event): void => {
    event.preventDefault();
    report.resolve(broken(current, `the worker failed: ${event.message}`));
  };
  const timer = setInterval(watchOf(current, report.resolve), LOOK_MS);
  worker.postMessage({ ...batch, current } satisfies Batch);
  try {
    return await report.promise;
  } finally {
    clearInterval(timer);
    worker.terminate();
  }
}

function watchOf(
  current: Int32Array,
  giveUp: (report: BatchReport) => void,
): () => void {
  let watched = -1;
  let cpuMs = 0;
  let wallMs = 0;
  return () => {
    const number = Atomics.load(current, 0);
    if (number !== watched) {
      [watched, cpuMs, wallMs] = [number, cpuNow(), performance.now()];
      return;
    }
    const took = { cpu: cpuNow() - cpuMs, wall: performance.now() - wallMs };
    if (took.cpu < MAX_CPU_MS && took.wall < MAX_WALL_MS) return;
    const [cpu, wall] = [took.cpu, took.wall].map(Math.round);
    giveUp(broken(current, `it takes longer than ${cpu} ms (${wall} waited)`));
  };
}

function broken(current: Int32Array, why: string): BatchReport {
  const number = Atomics.load(current, 0);
  return { cases: 0, values: 0, growth: 0, fault: { number, why } };
}

function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
