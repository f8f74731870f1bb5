/// <reference lib="webworker" />
/*
 * Reads the cases of a batch one after another in a worker, so that a reader that
 * hangs does not stop the program.
 */
import { inputOf, isRead } from "./_case.ts";
import { MAX_GROWTH_BYTES, MemoryWatch } from "./_memory_watch.ts";
import type { FuzzReader } from "./readers.ts";

/** Task of a worker. */
export interface Batch {
  /** URL of the module with the readers. */
  readonly module: string;
  readonly reader: string;
  readonly seed: number;
  /** Number of the first case, and count of cases. */
  readonly from: number;
  readonly cases: number;
  /** A file to read in place of the cases. */
  readonly file?: Uint8Array;
  /** Holds the number of the current case. */
  readonly current: Int32Array;
}

/** Result of a batch. */
export interface BatchReport {
  readonly cases: number;
  /** Cases that gave values; the others were refused with an error of the data. */
  readonly values: number;
  /** Greatest growth of memory between two collections, in bytes. */
  readonly growth: number;
  /** Case that broke the rule, with the reason. */
  readonly fault?: { readonly number: number; readonly why: string };
}

self.onmessage = async ({ data }: MessageEvent<Batch>): Promise<void> => {
  self.postMessage(await runBatch(data));
};

async function runBatch(batch: Batch): Promise<BatchReport> {
  const { seed, from, cases, file, current } = batch;
  const reader = await readerOf(batch);
  const memory = new MemoryWatch();
  const tally = { cases: 0, values: 0, growth: 0 };
  for (let number = from; number < from + cases; number++) {
    Atomics.store(current, 0, number);
    try {
      const bytes = file ?? inputOf(reader, seed, number);
      if (await isRead(reader, bytes)) tally.values++;
      const { growth } = memory;
      tally.growth = Math.max(tally.growth, growth);
      if (growth > MAX_GROWTH_BYTES) await checkAlone(reader, bytes, memory);
      tally.cases++;
    } catch (error) {
      const why = error instanceof Error ? error.stack : String(error);
      return { ...tally, fault: { number, why: why ?? String(error) } };
    }
  }
  return tally;
}

async function readerOf({ module, reader }: Batch): Promise<FuzzReader> {
  const { FUZZ_READERS } = await import(module);
  return FUZZ_READERS.find(({ name }: FuzzReader) => name === reader);
}

/** Reads a case again without the garbage of earlier cases. */
async function checkAlone(
  reader: FuzzReader,
  bytes: Uint8Array,
  memory: MemoryWatch,
): Promise<void> {
  await memory.settle();
  await isRead(reader, bytes);
  const { growth } = memory;
  await memory.settle();
  if (growth <= MAX_GROWTH_BYTES) return;
  throw new Error(`it takes ${Math.round(growth / 2 ** 20)} MiB`);
}
