import { defer, mergeMap, type OperatorFunction } from "rxjs";
import { checkOptions } from "../base/check.ts";
import type { Session } from "../session.ts";
import { checkSinkOptions } from "../stream/read_sessions.ts";
import { isShardFormat, SHARD_FORMATS } from "./shard_format.ts";
import type { ShardOptions, ShardSummary } from "./shard_options.ts";

const ACT = "write shards";

/**
 * Writes one file a session, a shard, to a place that many programs share: behind
 * {@linkcode shard} each writes its own sessions.
 *
 * - A place is a folder, which need not exist, or `s3://bucket/prefix`. It then
 *   has the note `job.json` of source, chain, options, version and sessions; a shard
 *   a session, `shards/<position>-<SHA-256>.<format>`; and a manifest for each,
 *   `sessions/<position>.json`, put once the shard is there. A session without
 *   responses has a shard as well.
 * - Nothing is written twice: a shard that is there, with its length, is kept. Whoever
 *   starts the same program again, on any machine, continues. A place with another
 *   job is refused with the first difference: another archive, other sessions,
 *   options, operators or functions, another format, or another version of this
 *   package. A function is compared by its source text, without the variables
 *   around it.
 * - Shards and manifests appear whole or not at all, also if the program is killed.
 *   Two programs that write the same session at once write the same bytes. A shard
 *   that is missing or cut is written anew; one with changed bytes is found when the
 *   shards are merged.
 * - Each file holds the arrays of its session as the sink of the format writes them,
 *   with all stimuli: those that several sessions heard are in each of them.
 * - `normalize()` without ranges passes over all sessions in every program. Where that
 *   takes long, find the ranges once and give them.
 * - In memory: `concurrency` presentations, and up to 64 MB of stimuli for the next
 *   sessions that heard them. On the disk, one shard beside the place,
 *   or among the temporary files for a store.
 *
 * @example The second of four programs that divide a data set
 * ```ts
 * import { crcnsAc1Pipeline, shard, wehr } from "rxephys";
 * import { toShards } from "rxephys/shards";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(
 *     wehr("data").pipe(
 *       crcnsAc1Pipeline(),
 *       shard({ index: 1, count: 4 }),
 *       toShards("shards", { format: "npz" }),
 *     ),
 *   );
 * ```
 *
 * @param place Path of a folder, or `s3://bucket/prefix`.
 * @throws {RangeError} When called, if an option is outside its range, or does
 * not exist.
 * @throws {TypeError} When called, if the place is empty or an option has the wrong
 * type.
 * @throws {OutputError} In the stream, if the place holds another job, or cannot be
 * written, or a session has other values than when its shard was written.
 * @throws {FormatError} In the stream, if a note or manifest in the place is damaged.
 * @throws {RecordingError} In the stream, if its sessions are of several streams, or
 * one comes twice.
 */
export function toShards(
  place: string,
  options: ShardOptions = {},
): OperatorFunction<Session, ShardSummary> {
  checkPlace(place);
  checkOptions(ACT, options, ["format", "concurrency", "onProgress"]);
  checkSinkOptions(ACT, options);
  const { format = "npz", ...sinkOptions } = options;
  if (!isShardFormat(format)) {
    throw new TypeError(
      `Cannot ${ACT}: format is ${String(format)}, expected ` +
        SHARD_FORMATS.join(", "),
    );
  }
  return (sessions) =>
    defer(async () => {
      const [{ openPlace }, { writeShards }] = await Promise.all([
        import("../places/open_place.ts"),
        import("./_write_shards.ts"),
      ]);
      const opened = await openPlace(place);
      return writeShards(sessions, opened, format, sinkOptions);
    }).pipe(mergeMap((summary) => summary));
}

function checkPlace(place: unknown): void {
  if (typeof place === "string" && place !== "") return;
  const found = place === "" ? "empty" : String(place);
  throw new TypeError(
    `Cannot ${ACT}: place is ${found}, expected a folder or s3://bucket/prefix`,
  );
}
