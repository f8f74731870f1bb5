/// <reference lib="webworker" />
/*
 * Reads the cases of a batch one after the other, in a thread of its own: a
 * reader that hangs hangs alone.
 */
import { inputOf, isRead } from "./_case.ts";
import { MAX_GROWTH_BYTES, MemoryWatch } from "./_memory_watch.ts";
import type { FuzzReader } from "./readers.ts";

/** What a worker is asked to do. */
export interface Batch {
  /** Address of the module with the readers. */
  readonly module: string;
  readonly reader: string;
  readonly seed: number;
  /** Number of the first case, and how many there are. */
  readonly from: number;
  readonly cases: number;
  /** A file to read in their place. */
  readonly file?: Uint8Array;
  /** Takes the number of the case that is being read. */
  readonly current: Int32Array;
}

/** What became of a batch. */
export interface BatchReport {
  readonly cases: number;
  /** How many gave values; the others were refused by an error of the data. */
  readonly values: number;
  /** Largest growth of memory by the files between two collections, in bytes. */
  readonly growth: number;
  /** The case that broke the rule, and how. */
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

/** Cases before this one may have left garbage: it is read again without. */
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
