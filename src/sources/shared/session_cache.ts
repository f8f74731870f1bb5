import { SharedLoad } from "../../base/shared_load.ts";

/** What a cache holds, and how much memory that takes. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly bytes: number;
}

interface Entry<Value> {
  readonly load: SharedLoad<Loaded<Value>>;
  bytes: number;
}

/**
 * Sessions in memory: at most `maxBytes` together, least recently used out
 * first, but always the one last asked for. Where not all of them fit, one that
 * was read to its end goes at once: who reads them all again in their order
 * would find none of them here anyway.
 */
export class SessionCache<Value> {
  // A map iterates in the order of insertion: least recently used first.
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maxBytes: number;
  #expectedBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of all that is held. */
  get bytes(): number {
    let total = 0;
    for (const { bytes } of this.#entries.values()) total += bytes;
    return total;
  }

  /**
   * The value of a key, loaded unless it is here; two callers share one load.
   * A key stands for one kind of value: whoever asks for it loads that kind.
   */
  async get<Own extends Value>(
    key: string,
    load: (signal?: AbortSignal) => Promise<Loaded<Own>>,
    signal?: AbortSignal,
  ): Promise<Own> {
    const entry = this.#entries.get(key) ??
      { load: new SharedLoad(load), bytes: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const { value, bytes } = await entry.load.get(signal);
    entry.bytes = bytes;
    this.#evict(key);
    return value as Own;
  }

  /** Tells of sessions to come, and about what they will take together. */
  expect(bytes: number): void {
    this.#expectedBytes += bytes;
  }

  /** Tells that a session was read to its end. */
  spend(key: string): void {
    if (this.#expectedBytes > this.#maxBytes) this.#entries.delete(key);
  }

  #evict(keep: string): void {
    let excess = this.bytes - this.#maxBytes;
    for (const [key, { bytes }] of this.#entries) {
      if (excess <= 0) return;
      if (key === keep) continue;
      this.#entries.delete(key);
      excess -= bytes;
    }
  }
}
