import type { Limits } from "../base/limits.ts";
import { SharedLoad } from "../base/shared_load.ts";
import { ArchiveError, type DataErrorPlace } from "../errors.ts";
import type { Place } from "../places/place.ts";
import type { ReadOptions } from "../session.ts";
import type { StoredArrays } from "../sinks/files/stored_array.ts";
import { fileSha256 } from "./file_sha256.ts";
import { loadShardFormat, type ShardFormat } from "./shard_format.ts";

/** A shard, as its manifest describes it. */
export interface NamedShard {
  readonly key: string;
  readonly format: ShardFormat;
  readonly sha256: string;
}

/**
 * Opens the shards of a place, one at a time: the one that was read last stays
 * open until another one is read. Its checksum is compared when it is opened.
 */
export class OpenShards {
  readonly #place: Place;
  readonly #limits: Limits;
  #current: OpenShard | undefined;

  /** @param limits Most that an array may claim. */
  constructor(place: Place, limits: Limits) {
    this.#place = place;
    this.#limits = limits;
  }

  /**
   * Runs a task on the arrays of a shard.
   *
   * @throws {ArchiveError} If the shard is not the one that was described.
   */
  async use<Value>(
    shard: NamedShard,
    task: (arrays: StoredArrays) => Promise<Value>,
    { signal }: ReadOptions,
  ): Promise<Value> {
    signal?.throwIfAborted();
    if (this.#current?.shard !== shard) {
      const before = this.#current?.retire() ?? Promise.resolve();
      this.#current = new OpenShard(shard, this.#place, this.#limits, before);
    }
    return await this.#current.use(task, signal);
  }

  /** Closes the shard that is open, after the reads under way. */
  async close(): Promise<void> {
    await this.#current?.retire();
    this.#current = undefined;
  }
}

class OpenShard {
  readonly shard: NamedShard;
  readonly #arrays: SharedLoad<StoredArrays>;
  readonly #opened = new AsyncDisposableStack();
  readonly #idle = Promise.withResolvers<void>();
  #users = 0;
  #isRetired = false;

  /** @param before Settles when the shard before is closed. */
  constructor(
    shard: NamedShard,
    place: Place,
    limits: Limits,
    before: Promise<void>,
  ) {
    this.shard = shard;
    this.#arrays = new SharedLoad(async (signal) => {
      await before;
      await using opening = new AsyncDisposableStack();
      const file = opening.use(await place.file(shard.key, { signal }));
      await checkSum(file.path, shard, place, signal);
      const { open } = await loadShardFormat(shard.format);
      const arrays = opening.use(await open(file.path, { limits, signal }));
      signal.throwIfAborted();
      this.#opened.use(opening.move());
      return arrays;
    });
  }

  async use<Value>(
    task: (arrays: StoredArrays) => Promise<Value>,
    signal: AbortSignal | undefined,
  ): Promise<Value> {
    this.#users++;
    try {
      return await task(await this.#arrays.get(signal));
    } finally {
      this.#users--;
      this.#settle();
    }
  }

  /** Closes the shard once nobody uses it. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    this.#settle();
    await this.#idle.promise;
    await this.#opened.disposeAsync();
  }

  #settle(): void {
    if (this.#isRetired && this.#users === 0) this.#idle.resolve();
  }
}

async function checkSum(
  path: string,
  { key, sha256 }: NamedShard,
  { name }: Place,
  signal: AbortSignal,
): Promise<void> {
  const place: DataErrorPlace = { archive: name, member: key };
  const found = await fileSha256(path, { signal });
  if (found === sha256) return;
  throw new ArchiveError(
    `Cannot merge shards: the SHA-256 of a shard is ${found}, expected ` +
      `${sha256}; remove it and write the shards again, which keeps the others`,
    place,
  );
}
