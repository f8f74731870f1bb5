/**
 * Streams a release, measures the live memory and prints it as JSON. Needs
 * `--v8-flags=--expose-gc`, since garbage would count without a collection.
 */
import { concatMap, from, lastValueFrom, type Observable } from "rxjs";
import {
  crcnsAc1Pipeline,
  mapResponses,
  type Session,
  toNdjson,
  wehr,
} from "rxephys";
import { firstOf, itemAt } from "./support/item_at.ts";

/** Greatest number of live bytes, above those at the start. */
export interface LiveMemory {
  readonly liveBytes: number;
  /** Bytes of the process, garbage included. */
  readonly rss: number;
  /** Pauses of the consumer: at least one per piece. */
  readonly pauses: number;
}

/** Room for all sessions of the release; waveforms wait in a quarter of it. */
const CACHE_BYTES = 32e6;

const TURNS = 10;

const collect = (globalThis as unknown as { gc: () => void }).gc;
const [release, chain] = firstOf(2, Deno.args);
const stream = wehr(release, { maxCacheBytes: CACHE_BYTES });
const start = alive();
let liveBytes = 0;
let rss = 0;
let pauses = 0;

const chains: Record<string, () => Promise<unknown>> = {
  "slow consumer": () => written(stream.pipe(crcnsAc1Pipeline())),
  "slow operators": () =>
    written(stream.pipe(
      concatMap(slowly),
      mapResponses(slowly),
      crcnsAc1Pipeline(),
      concatMap(slowly),
    )),
  // For comparison, a stream that reads everything at once.
  "async generator": () =>
    lastValueFrom(from(readAll()).pipe(concatMap(async () => await consume()))),
};
await itemAt(chains, chain)();
console.log(
  JSON.stringify({ liveBytes, rss, pauses } satisfies LiveMemory),
);

function written(sessions: Observable<Session>): Promise<unknown> {
  const target = new WritableStream<Uint8Array>({ write: consume });
  return lastValueFrom(sessions.pipe(toNdjson(target)));
}

/** A slow consumer, which gives the source time to run ahead. */
async function consume(): Promise<void> {
  pauses++;
  await pause();
  liveBytes = Math.max(liveBytes, alive() - start);
  rss = Math.max(rss, Deno.memoryUsage().rss);
}

async function slowly<Value>(value: Value): Promise<Value> {
  await pause();
  return value;
}

async function* readAll(): AsyncGenerator<unknown> {
  const sessions: Session[] = [];
  await stream.forEach((session) => sessions.push(session));
  for (const session of sessions) {
    for (const { stimulus, read } of await session.presentations()) {
      yield [await stimulus.read(), await read()];
    }
  }
}

/** Waits some turns of the event loop, in which pending reads continue. */
async function pause(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function alive(): number {
  collect();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
