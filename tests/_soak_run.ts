/**
 * Opens streams of a release, unsubscribes from each at a random point and prints
 * the leftovers as JSON. Needs `--v8-flags=--expose-gc`.
 */
import type { Observable } from "rxjs";
import {
  crcnsAc1,
  crcnsAc1Pipeline,
  type Session,
  toAsyncIterable,
  toDataset,
  toNdjson,
} from "rxephys";
import { randomBelow } from "../src/base/random.ts";
import { sfc32 } from "../src/base/random.ts";
import { countFiles } from "./support/archives/file_counts.ts";
import { firstOf, itemAt } from "./support/item_at.ts";

/** Leftovers of many interrupted subscriptions. */
export interface SoakResult {
  readonly subscriptions: number;
  /** Subscriptions that ended early. */
  readonly interrupted: number;
  readonly filesOpened: number;
  readonly filesClosed: number;
  /** Entries in the output folder of the sinks. */
  readonly leftovers: number;
  /** Bytes of live memory after the warm-up and at the end. */
  readonly liveBefore: number;
  readonly liveAfter: number;
}

/** A whole run of the tiny release opens about 130 files. */
const MOST_FILES = 60;
const MOST_ITEMS = 8;

const INTERRUPTS = [interruptDataset, interruptNdjson, interruptIterable];

const collect = (globalThis as unknown as { gc: () => void }).gc;
const [release, ...counts] = firstOf(3, Deno.args);
const [subscriptions, warmUp] = firstOf(2, counts.map(Number));
const folder = await Deno.makeTempDir();
const random = sfc32(7);
let interrupted = 0;
/** Called whenever a file is opened. */
let onOpen = (): void => {};

await countFiles(async (counts) => {
  let liveBefore = 0;
  for (let i = 0; i < subscriptions; i++) {
    if (i === warmUp) liveBefore = await liveMemory();
    const interrupt = itemAt(INTERRUPTS, i % INTERRUPTS.length);
    await interrupt(i);
  }
  const result: SoakResult = {
    subscriptions,
    interrupted,
    liveBefore,
    liveAfter: await liveMemory(),
    filesOpened: counts.opened,
    filesClosed: counts.closed,
    leftovers: (await Array.fromAsync(Deno.readDir(folder))).length,
  };
  console.log(JSON.stringify(result));
}, () => onOpen());
await Deno.remove(folder, { recursive: true });

/** The standard chain with a cache of one session. */
function stream(): Observable<Session> {
  return crcnsAc1(release, { maxCacheBytes: 0 }).pipe(crcnsAc1Pipeline());
}

async function interruptDataset(): Promise<void> {
  await interrupt(stream().pipe(toDataset()));
}

async function interruptNdjson(i: number): Promise<void> {
  await interrupt(stream().pipe(toNdjson(`${folder}/${i}.ndjson`)));
}

/** Subscribes, and unsubscribes while a file is opened or some turns later. */
async function interrupt(sink: Observable<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let files = 1 + randomBelow(MOST_FILES, random);
  onOpen = () => {
    if (--files === 0) resolve();
  };
  const subscription = sink.subscribe();
  subscription.add(resolve);
  await promise;
  await turns(randomBelow(4, random));
  if (!subscription.closed) interrupted++;
  subscription.unsubscribe();
}

async function interruptIterable(): Promise<void> {
  const prefetch = randomBelow(4, random);
  let items = 1 + randomBelow(MOST_ITEMS, random);
  for await (const _ of toAsyncIterable(stream(), { prefetch })) {
    if (--items > 0) continue;
    interrupted++;
    break;
  }
}

/**
 * Memory in use after pending work has ended and garbage is collected: objects,
 * and array buffers with those of WebAssembly. The memory of the process, in
 * which an allocator keeps what was freed, differs by a tenth between runs.
 */
async function liveMemory(): Promise<number> {
  let least = Infinity;
  for (let idle = 0; idle < 10; idle++) {
    await turns(20);
    collect();
    const { heapUsed, external } = Deno.memoryUsage();
    const live = heapUsed + external;
    if (live < 0.999 * least) idle = 0;
    least = Math.min(least, live);
  }
  return least;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
