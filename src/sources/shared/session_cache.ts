import { SharedLoad } from "../../base/shared_load.ts";

/** Value of a cache, and the memory that it takes. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly bytes: number;
}

interface Entry<Value> {
  readonly load: SharedLoad<Loaded<Value>>;
  bytes: number;
}

/** Options of a {@linkcode SessionCache}. */
export interface SessionCacheOptions {
  /**
   * Pass over the sessions from which on they stay after they were read to their
   * end. Most streams are read once; the second pass shows that this one is not.
   *
   * @default {1}
   */
  readonly keepFromPass?: 1 | 2;
}

/**
 * Sessions in memory: at most `maxBytes` together, least recently used out
 * first, but always the one requested last. If not all of them fit, a session
 * that was read to its end goes at once: a second pass in the same order would
 * find none of them here anyway.
 */
export class SessionCache<Value> {
  // A map iterates in the order of insertion: least recently used first.
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maxBytes: number;
  readonly #spent = new Set<string>();
  #keepsSpent: boolean;
  #expectedBytes = 0;
  #reservedBytes = 0;

  constructor(
    maxBytes: number,
    { keepFromPass = 1 }: SessionCacheOptions = {},
  ) {
    this.#maxBytes = maxBytes;
    this.#keepsSpent = keepFromPass === 1;
  }

  /** Bytes of all values held. */
  get bytes(): number {
    let total = 0;
    for (const { bytes } of this.#entries.values()) total += bytes;
    return total;
  }

  /**
   * Value of a key, loaded unless it is here; concurrent callers share one load.
   * All callers of a key load the same kind of value.
   */
  async get<Own extends Value>(
    key: string,
    load: (signal?: AbortSignal) => Promise<Loaded<Own>>,
    signal?: AbortSignal,
  ): Promise<Own> {
    this.#keepsSpent ||= this.#spent.has(key);
    const entry = this.#entries.get(key) ??
      { load: new SharedLoad(load), bytes: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const { value, bytes } = await entry.load.get(signal);
    entry.bytes = bytes;
    this.#evict(key);
    return value as Own;
  }

  /** Announces sessions to come, and about how many bytes they take together. */
  expect(bytes: number): void {
    this.#expectedBytes += bytes;
  }

  /** Bytes that can still be reserved: a quarter of the cache at most. */
  get reservable(): number {
    return Math.floor(this.#maxBytes / 4) - this.#reservedBytes;
  }

  /**
   * Takes memory of the cache for something else than sessions.
   *
   * @returns Whether there was room.
   */
  reserve(bytes: number): boolean {
    if (bytes > this.reservable) return false;
    this.#reservedBytes += bytes;
    return true;
  }

  /** Gives back memory that was reserved. */
  release(bytes: number): void {
    this.#reservedBytes -= bytes;
  }

  /** Marks a session as read to its end. */
  spend(key: string): void {
    this.#spent.add(key);
    const stays = this.#keepsSpent && this.#expectedBytes <= this.#maxBytes;
    if (!stays) this.#entries.delete(key);
  }

  #evict(keep: string): void {
    let excess = this.bytes + this.#reservedBytes - this.#maxBytes;
    for (const [key, { bytes }] of this.#entries) {
      if (excess <= 0) return;
      if (key === keep) continue;
      this.#entries.delete(key);
      excess -= bytes;
    }
  }
}
