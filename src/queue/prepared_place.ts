import type { ReadOptions } from "../base/abort.ts";
import { openPlace } from "../places/open_place.ts";
import type { Place } from "../places/place.ts";
import type { Session } from "../session.ts";
import { startJob } from "../shards/job.ts";
import { fingerprintOf } from "../stream/fingerprint.ts";
import type { Run } from "./run.ts";

/**
 * Notes in the place of a run which job its shards belong to, and finds the
 * sessions whose shards are there.
 *
 * @param sessions All sessions of the run, behind its chain.
 * @returns The positions of these sessions.
 * @throws {OutputError} If the place holds another job, or cannot be written.
 */
export async function preparedPlace(
  { place: name, format }: Run,
  sessions: readonly Session[],
  options: ReadOptions,
): Promise<Set<number>> {
  const [first] = sessions;
  if (first === undefined) return new Set();
  const place = await openPlace(name);
  const ids = sessions.map(({ id }) => id);
  const recipe = fingerprintOf(first);
  await startJob(place, { format, recipe, sessions: ids }, options);
  // A shard is named before its manifest, and may have been removed since.
  const manifests = await positionsIn(place, "sessions/", options);
  const shards = await positionsIn(place, "shards/", options);
  return manifests.intersection(shards);
}

/** Positions with which the names of objects begin. */
async function positionsIn(
  place: Place,
  prefix: string,
  options: ReadOptions,
): Promise<Set<number>> {
  const positions = new Set<number>();
  for await (const { key, bytes } of place.list(prefix, options)) {
    const [, position] = /^(\d+)[-.]/.exec(key.slice(prefix.length)) ?? [];
    if (position !== undefined && bytes > 0) positions.add(Number(position));
  }
  return positions;
}
