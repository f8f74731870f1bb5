/**
 * Streams a release while it measures what is alive, and prints it as JSON. Needs
 * `--v8-flags=--expose-gc`: without collecting first, garbage would count.
 */
import { concatMap, from, lastValueFrom, type Observable } from "rxjs";
import {
  crcnsAc1Pipeline,
  mapResponses,
  type Session,
  toNdjson,
  wehr,
} from "rxephys";

/** Bytes that were alive at most, beyond those at the start. */
export interface LiveMemory {
  readonly liveBytes: number;
  /** Bytes of the process, garbage included. */
  readonly rss: number;
  /** Times that the consumer kept all others waiting: once a piece at least. */
  readonly pauses: number;
}

const TURNS = 10;

const collect = (globalThis as unknown as { gc: () => void }).gc;
const [release, chain] = Deno.args;
const stream = wehr(release, { maxCacheBytes: 0 });
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
  // What the library spares its users: here everything is read at once.
  "async generator": () =>
    lastValueFrom(from(readAll()).pipe(concatMap(async () => await consume()))),
};
await chains[chain]();
console.log(
  JSON.stringify({ liveBytes, rss, pauses } satisfies LiveMemory),
);

function written(sessions: Observable<Session>): Promise<unknown> {
  const target = new WritableStream<Uint8Array>({ write: consume });
  return lastValueFrom(sessions.pipe(toNdjson(target)));
}

/** A consumer that leaves all others the time to run ahead. */
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

/** Turns of the event loop, in which pending reads go on. */
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
