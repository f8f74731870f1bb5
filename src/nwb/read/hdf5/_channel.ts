import type { Stretch } from "../../../archive/bytes/stretches.ts";

/** States of a fetch. */
const PENDING = 0;
const DONE = 1;
const FAILED = 2;

/** Bytes that one fetch can bring. */
const WINDOW_BYTES = 1 << 22;

/** Memory that a worker shares with the thread that fetches for it. */
export interface ChannelMemory {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** Allocates the memory of a channel. */
export function channelMemory(): ChannelMemory {
  return {
    state: new Int32Array(new SharedArrayBuffer(4)),
    bytes: new Uint8Array(new SharedArrayBuffer(WINDOW_BYTES)),
  };
}

/**
 * Waits in the worker for bytes that the other thread fetches.
 *
 * @param post Asks that thread for them.
 * @throws {Error} If it has failed; the reason stays there.
 */
export function fetchSync(
  { state, bytes }: ChannelMemory,
  post: (stretch: Stretch) => void,
  { offset, length }: Stretch,
): Uint8Array {
  const all = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const piece = Math.min(WINDOW_BYTES, length - at);
    Atomics.store(state, 0, PENDING);
    post({ offset: offset + at, length: piece });
    Atomics.wait(state, 0, PENDING);
    if (Atomics.load(state, 0) !== DONE) throw new Error("the fetch failed");
    all.set(bytes.subarray(0, piece), at);
    at += piece;
  }
  return all;
}

/** Hands fetched bytes to the worker that waits for them. */
export function handOver(
  { state, bytes }: ChannelMemory,
  fetched: Uint8Array,
): void {
  bytes.set(fetched);
  wake(state, DONE);
}

/** Wakes the worker without bytes. */
export function failFetch({ state }: ChannelMemory): void {
  wake(state, FAILED);
}

function wake(state: Int32Array<SharedArrayBuffer>, to: number): void {
  Atomics.store(state, 0, to);
  Atomics.notify(state, 0);
}
