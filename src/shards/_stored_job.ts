import { ArchiveError, DataNotFoundError, FormatError } from "../errors.ts";
import { inOrder } from "../base/turns.ts";
import type { Place, PlaceEntry } from "../places/place.ts";
import type { ReadOptions } from "../session.ts";
import { arrayCounts } from "./_facts_fault.ts";
import { readJob, type ShardJob } from "./job.ts";
import {
  manifestDifference,
  manifestKey,
  readManifest,
  type SessionManifest,
  shardKey,
} from "./manifest.ts";

/** Manifests that are read at the same time: an object store answers slowly. */
const READS = 16;
/** Most names in an error. */
const NAMED = 3;
const ACT = "Cannot merge shards";
const AGAIN = "the shards again, which keeps the others";

/** Shard that a manifest names. */
type Expected = Pick<SessionManifest, "session" | "bytes">;

/** Receives the manifest of each session, in order. */
export interface ManifestVisitor {
  add(manifest: SessionManifest): void;
}

/**
 * Reads all manifests of a place, and checks that it holds exactly one shard of
 * each session of its job, and nothing else under their names.
 *
 * @throws {DataNotFoundError} If there is no job, or shards are missing.
 * @throws {FormatError} If there are two shards of a session, one of another job,
 * or a manifest is damaged.
 * @throws {ArchiveError} If a shard is truncated.
 */
export async function visitJob(
  place: Place,
  visitor: ManifestVisitor,
  options: ReadOptions,
): Promise<ShardJob> {
  const job = await readJob(place, options);
  await checkListed(place, job, options);
  const expected = new Map<string, Expected>();
  await inOrder(
    job.sessions.keys(),
    READS,
    (position) => checkedManifest(place, position, job, options),
    (manifest) => {
      const { session, bytes } = manifest;
      expected.set(shardKey(manifest), { session, bytes });
      visitor.add(manifest);
    },
  );
  await checkShards(place, expected, options);
  return job;
}

/** Reads the manifest of a session that is known to have one. */
export async function checkedManifest(
  place: Place,
  position: number,
  job: ShardJob,
  options: ReadOptions,
): Promise<SessionManifest> {
  const at = { archive: place.name, member: manifestKey(position) };
  const manifest = await readManifest(place, position, options);
  if (manifest === undefined) {
    throw new DataNotFoundError(`${ACT}: a manifest is missing`, at);
  }
  const difference = manifestDifference(manifest, job);
  if (difference !== undefined) {
    throw new FormatError(`${ACT}: one is of another job: ${difference}`, at);
  }
  const fault = countFault(manifest);
  if (fault === undefined) return manifest;
  throw new FormatError(`Cannot read manifest: ${fault}`, at);
}

function countFault(manifest: SessionManifest): string | undefined {
  for (const [name, count] of Object.entries(arrayCounts(manifest.facts))) {
    const stated = manifest[name as "stimuli" | "responses"];
    if (stated !== count) return `${name} is ${stated}, expected ${count}`;
  }
  return undefined;
}

/** Refuses a place without a manifest of each session, or with another one. */
async function checkListed(
  place: Place,
  { sessions }: ShardJob,
  options: ReadOptions,
): Promise<void> {
  const missing = new Map(sessions.map((id, i) => [manifestKey(i), id]));
  for await (const { key } of place.list("sessions/", options)) {
    if (!missing.delete(key)) throw foreignError(place, key);
  }
  const [first] = missing.keys();
  if (first === undefined) return;
  const names = [...missing.values()].slice(0, NAMED).map((id) => `"${id}"`);
  const more = missing.size > NAMED ? ", ..." : "";
  throw new DataNotFoundError(
    `${ACT}: ${missing.size} of ${sessions.length} sessions are missing: ` +
      `${names.join(", ")}${more}; write ` + AGAIN,
    { archive: place.name, member: first },
  );
}

/** Refuses shards that no manifest names, and those that are not there. */
async function checkShards(
  place: Place,
  expected: ReadonlyMap<string, Expected>,
  options: ReadOptions,
): Promise<void> {
  const missing = new Map(expected);
  const numbers = new Map(
    [...expected].map(([key, manifest]) => [numberOf(key), manifest]),
  );
  for await (const entry of place.list("shards/", options)) {
    const { key } = entry;
    const manifest = missing.get(key);
    if (manifest === undefined) {
      const other = numbers.get(numberOf(key));
      throw other ? doubleError(place, key, other) : foreignError(place, key);
    }
    missing.delete(key);
    checkSize(place, entry, manifest);
  }
  const [first] = missing;
  if (first === undefined) return;
  const [member, { session }] = first;
  throw new DataNotFoundError(
    `${ACT}: the shard of session "${session}" is missing; write ` + AGAIN,
    { archive: place.name, member },
  );
}

/** Part of a shard's key before the checksum: the session's number. */
function numberOf(key: string): string {
  return key.slice(0, key.indexOf("-"));
}

function checkSize(
  place: Place,
  { key, bytes }: PlaceEntry,
  manifest: Expected,
): void {
  if (bytes === manifest.bytes) return;
  throw new ArchiveError(
    `${ACT}: a shard has ${bytes} bytes, expected ${manifest.bytes}; write ` +
      AGAIN,
    { archive: place.name, member: key },
  );
}

function doubleError(
  { name }: Place,
  member: string,
  { session }: Expected,
): FormatError {
  return new FormatError(
    `${ACT}: session "${session}" has two shards, expected the one that its ` +
      "manifest names: remove the other one",
    { archive: name, member },
  );
}

function foreignError({ name }: Place, member: string): FormatError {
  return new FormatError(
    `${ACT}: the job has no such session: remove the object, or give another ` +
      "place",
    { archive: name, member },
  );
}
