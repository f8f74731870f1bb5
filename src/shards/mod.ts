/**
 * Shards: one file a session in a place that many programs share, a folder or a
 * bucket, so that many machines divide a data set.
 *
 * @module
 */

export { type MergeOptions, mergeShards } from "./merge_shards.ts";
export { toShards } from "./to_shards.ts";
export type { ShardOptions, ShardSummary } from "./shard_options.ts";
export type { ShardFormat } from "./shard_format.ts";
export type { SinkOptions, SinkProgress } from "../stream/read_sessions.ts";
