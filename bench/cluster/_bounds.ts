import type { Costs } from "./_costs.ts";

/** A run of many workers. */
export interface ClusterRun {
  /** Sessions of the data set. */
  readonly sessions: number;
  /** Cores that compute one session at a time. */
  readonly workers: number;
  /** Whether workers take sessions from a queue, or have a share each. */
  readonly engine: "array" | "queue";
  /** Bytes a second that the store of archives and shards moves in all. */
  readonly storeRate: number;
}

/** Least seconds of a run, by what bounds them. */
export interface Bounds {
  /** Starting one worker, which lists all sessions. */
  readonly start: number;
  /** Computing, divided evenly. */
  readonly cores: number;
  /** Reading and writing at the store's rate. */
  readonly store: number;
  /** Handing out all sessions; 0 without a queue. */
  readonly queue: number;
  /** Merging all shards, which one process does. */
  readonly merge: number;
}

/** What no schedule can beat. */
export function boundsOf(
  { sessions, workers, engine, storeRate }: ClusterRun,
  costs: Costs,
): Bounds {
  const { startS, listS, sessionS, storeS, submitS, queueS } = costs;
  const { mergeS, mergeRate, readBytes, shardBytes } = costs;
  const isQueue = engine === "queue";
  return {
    start: startS + sessions * (listS + (isQueue ? submitS : 0)),
    cores: Math.ceil(sessions / workers) * (sessionS + storeS),
    store: sessions * (readBytes + shardBytes) / storeRate,
    queue: isQueue ? sessions * queueS : 0,
    merge: startS + sessions * (mergeS + shardBytes / mergeRate),
  };
}
