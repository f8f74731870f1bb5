import type { GateTally } from "../session.ts";
import type { SinkOptions } from "../stream/read_sessions.ts";
import type { ShardFormat } from "./shard_format.ts";

/** Options for `toShards`. */
export interface ShardOptions extends SinkOptions {
  /**
   * File format of the shards: that of `toNdjson`, `toNpz` or `toSafetensors`.
   *
   * @default {"npz"}
   */
  readonly format?: ShardFormat;
}

/** Summary of the shards of a run. */
export interface ShardSummary {
  /** Name of the place. */
  readonly place: string;
  /** Number of sessions of this run. */
  readonly sessions: number;
  /** Number of shards that this run wrote. */
  readonly written: number;
  /** Number of shards that were there already. */
  readonly kept: number;
  /** Bytes of all these shards. */
  readonly bytes: number;
  /** Number of stimulus arrays; one that several sessions heard counts in each. */
  readonly stimuli: number;
  /** Number of response arrays. */
  readonly responses: number;
  /** Number of cells with a response. */
  readonly cells: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}
