/** What the parts of a run on many machines cost. */
export interface Costs {
  /** Seconds that one core computes a session, on average. */
  readonly sessionS: number;
  /** Standard deviation of these seconds over their mean. */
  readonly spread: number;
  /** Bytes of the archive that a session reads. */
  readonly readBytes: number;
  /** Bytes of its shard. */
  readonly shardBytes: number;
  /** Seconds until a worker has loaded its modules and opened the archive. */
  readonly startS: number;
  /** Seconds, a session of the data set, in which a worker lists them all. */
  readonly listS: number;
  /** Bytes of a worker's memory, a session of the data set. */
  readonly listBytes: number;
  /** Seconds to store a shard and its manifest, besides their bytes. */
  readonly storeS: number;
  /** Seconds to queue a session. */
  readonly submitS: number;
  /** Seconds that the queue takes to hand out a session and to note its end. */
  readonly queueS: number;
  /** Bytes of the queue's memory, a session. */
  readonly queueBytes: number;
  /** Seconds to merge a session, besides its bytes. */
  readonly mergeS: number;
  /** Bytes a second of a merge. */
  readonly mergeRate: number;
  /** Bytes of `sessions-<SHA-256>.json`, a session. */
  readonly idBytes: number;
  /** Objects of a place, a session: a shard and its manifest. */
  readonly objects: number;
}

/**
 * Measured on 2 cores of an AMD EPYC, Deno 2.9, with tests on the other core.
 *
 * - Sessions: 79 of a synthetic CRCNS AC1 of 1.03 GB, both halves, to NPZ.
 * - Lists: `rxephys ls` of 100 and of 900 Wehr sessions of 4 trials each.
 * - Stores and merges: 5,000 sessions of 10 kB in a folder on a local disk.
 * - Queue: Redis 7 with BullMQ 6.7 and no work, 20,000 sessions; its memory by
 *   `INFO memory`.
 */
export const MEASURED: Costs = {
  sessionS: 0.41,
  spread: 0.46,
  readBytes: 13.1e6,
  shardBytes: 3.02e6,
  startS: 0.42,
  listS: 0.31e-3,
  listBytes: 21e3,
  storeS: 12e-3,
  submitS: 60e-6,
  queueS: 1 / 1450,
  queueBytes: 800,
  mergeS: 2.8e-3,
  mergeRate: 220e6,
  idBytes: 23,
  objects: 2,
};
