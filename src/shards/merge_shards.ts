import {
  catchError,
  concatWith,
  defer,
  finalize,
  ignoreElements,
  mergeMap,
  type Observable,
  type OperatorFunction,
} from "rxjs";
import { checkOptions } from "../base/check.ts";
import { checkedLimits, type Limits } from "../base/limits.ts";
import { openPlace } from "../places/open_place.ts";
import type { Session } from "../session.ts";
import { MergedSessions } from "./_merged_sessions.ts";

/** Options for {@linkcode mergeShards}. */
export interface MergeOptions {
  /**
   * Most that the shards may claim: `members` arrays, `directoryBytes` of a zip's
   * directory, `memberBytes` of a member of a zip or a line of NDJSON,
   * `arrayElements` of an array.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Partial<Limits>;
}

const ACT = "merge shards";

/**
 * Streams the shards of a place into a sink: the result is that of one run over
 * the whole data set, byte for byte.
 *
 * - In: a place to which `toShards` wrote all sessions of a job, in any order, by
 *   any number of processes. Out: what the target emits.
 * - Sessions come in the order of the source. Stimuli and cells are numbered,
 *   responses cut and repeats counted as in one run: the target cannot tell the
 *   difference. Samples are float32, as sinks write them; only NWB files would
 *   hold others, of a chain without `mask()`.
 * - Before anything is written, the place must have exactly one shard of each
 *   session, of the right length and of the same job. The SHA-256 of each is
 *   compared when its turn comes, before it is read.
 * - Progress, concurrency and resuming are the target's own: with `resume: true` a
 *   merge that was killed continues, to the same bytes. Unsubscribing ends it.
 * - In memory: one presentation, the list of one session's presentations, and the
 *   cells of all sessions. One shard is open at a time; one of an object store is
 *   copied to a temporary file first.
 *
 * @example One file of all shards
 * ```ts
 * import { toNpz } from "rxephys";
 * import { mergeShards } from "rxephys/shards";
 * import { lastValueFrom } from "rxjs";
 *
 * const merge = () =>
 *   lastValueFrom(mergeShards("shards", toNpz("wehr.npz", { resume: true })));
 * ```
 *
 * @param place Path of a folder, or `s3://bucket/prefix`.
 * @param target Sink, or any operator on sessions that ends in a result.
 * @throws {TypeError} When called, if `place` is no text, `target` no function, or
 * a limit no number.
 * @throws {RangeError} When called, if `place` is empty, or an option does not
 * exist or is outside its range.
 * @throws {DataNotFoundError} In the stream, if the place has no job, or shards
 * are missing.
 * @throws {FormatError} In the stream, if a session has two shards, one belongs to
 * another job, or a manifest is damaged.
 * @throws {ArchiveError} In the stream, if a shard is damaged or truncated.
 */
export function mergeShards<Result>(
  place: string,
  target: OperatorFunction<Session, Result>,
  options: MergeOptions = {},
): Observable<Result> {
  checkPlace(place);
  if (typeof target !== "function") {
    throw new TypeError(
      `Cannot ${ACT}: target is ${String(target)}, expected a sink`,
    );
  }
  checkOptions(ACT, options, ["limits"]);
  const limits = checkedLimits(ACT, options.limits);
  return defer(() => {
    const controller = new AbortController();
    const opening = openPlace(place).then((opened) =>
      new MergedSessions(opened, limits)
    );
    const close = async (): Promise<void> => {
      controller.abort();
      await (await opening).close();
    };
    const sessions = defer(async () => {
      const merged = await opening;
      return await merged.list({ signal: controller.signal });
    }).pipe(mergeMap((all) => all));
    return target(sessions).pipe(
      // Temporary files are gone before the end, or the error, is passed on.
      concatWith(defer(close).pipe(ignoreElements())),
      catchError(async (error) => {
        await close();
        throw error;
      }),
      // No subscriber is left to take an error.
      finalize(() => void close().catch(() => {})),
    );
  });
}

function checkPlace(place: unknown): void {
  if (typeof place !== "string") {
    throw new TypeError(
      `Cannot ${ACT}: place is ${String(place)}, expected a string`,
    );
  }
  if (place !== "") return;
  throw new RangeError(`Cannot ${ACT}: place is empty, expected a name`);
}
