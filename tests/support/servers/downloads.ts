import {
  type DownloadedFile,
  type DownloadTask,
  runDownload,
} from "../../../src/download/run.ts";
import {
  platformTransport,
  type Transport,
} from "../../../src/http/transport.ts";
import { ACCOUNT, type FakeCrcns } from "./fake_crcns.ts";
import type { FakeZenodo } from "./fake_zenodo.ts";

/** Servers and folder of a test's downloads. */
export interface DownloadSetup extends Partial<DownloadTask> {
  readonly dir: string;
  readonly crcns?: FakeCrcns;
  readonly zenodo?: FakeZenodo;
  readonly transport?: Transport;
}

const UNUSED = "http://127.0.0.1:9";

/** Downloads from fake servers, one file unless others are given. */
export function fetched(setup: DownloadSetup): Promise<DownloadedFile[]> {
  const { crcns, zenodo, transport = impatient(), ...task } = setup;
  return runDownload({
    dataset: crcns ? "crcns-ac1" : "wingert2026",
    files: [crcns ? "crcns-ac1.zip" : "recordings.zip"],
    concurrency: 1,
    credentials: ACCOUNT,
    onProgress: () => {},
    ...task,
  }, {
    transport,
    crcns: crcns?.hosts ?? { login: UNUSED, download: UNUSED },
    zenodo: zenodo?.origin ?? UNUSED,
  });
}

/** The real network without waits; `waits` collects their lengths. */
export function impatient(
  waits: number[] = [],
  random: () => number = () => 0.5,
): Transport {
  return {
    ...platformTransport,
    random,
    sleep: async (ms, signal): Promise<void> => {
      signal?.throwIfAborted();
      waits.push(ms);
      await platformTransport.sleep(0, signal);
    },
  };
}

/** Names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Random bytes, determined by the seed. */
export function randomBytes(length: number, seed: number): Uint8Array {
  const random = mulberry(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** Generator of random numbers, 0 to below 1. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
