import type { ReadOptions } from "../base/abort.ts";
import { OutputError } from "../errors.ts";
import type { Place } from "../places/place.ts";
import type { Fingerprint } from "../stream/fingerprint.ts";
import type { OwnSession } from "./_own_sessions.ts";
import type { ShardJob } from "./job.ts";
import {
  manifestDifference,
  putManifest,
  readManifest,
  type SessionManifest,
  shardKey,
} from "./manifest.ts";

/** State of a session's shard in a place. */
export interface StoredShard {
  /** Its manifest, if there is one. */
  readonly manifest?: SessionManifest;
  /** Whether the shard is there, with the manifest's length. */
  readonly isWhole: boolean;
}

/**
 * Looks for the shard of a session.
 *
 * @throws {OutputError} If its manifest is that of another job.
 * @throws {FormatError} If its manifest is damaged.
 */
export async function storedShard(
  place: Place,
  job: ShardJob,
  { listed: { position }, recipe }: OwnSession,
  options: ReadOptions,
): Promise<StoredShard> {
  const manifest = await readManifest(place, position, options);
  if (manifest === undefined) return { isWhole: false };
  checkManifest(place, job, manifest, recipe);
  const bytes = await place.sizeOf(shardKey(manifest), options);
  return { manifest, isWhole: bytes === manifest.bytes };
}

/**
 * Stores a shard, then its manifest.
 *
 * @param path Local file with the shard.
 * @param before Manifest of an earlier run, whose shard is missing or cut.
 * @throws {OutputError} If an earlier run, or another one meanwhile, has made other
 * bytes of the session.
 */
export async function storeShard(
  place: Place,
  job: ShardJob,
  path: string,
  manifest: SessionManifest,
  before: SessionManifest | undefined,
  options: ReadOptions,
): Promise<void> {
  if (before) checkBytes(place, before, manifest);
  await putWhole(place, path, manifest, options);
  if (before || await putManifest(place, manifest, options) === "stored") {
    return;
  }
  const other = await readManifest(place, manifest.position, options);
  if (other === undefined) return;
  try {
    checkManifest(place, job, other, manifest.recipe);
    checkBytes(place, other, manifest);
  } catch (error) {
    await place.remove(shardKey(manifest), options);
    throw error;
  }
}

/** A shard of that name with another length is cut: it is replaced. */
async function putWhole(
  place: Place,
  path: string,
  manifest: SessionManifest,
  options: ReadOptions,
): Promise<void> {
  const key = shardKey(manifest);
  const final = { ...options, isFinal: true };
  if (await place.putFile(key, path, final) === "stored") return;
  if (await place.sizeOf(key, options) === manifest.bytes) return;
  await place.remove(key, options);
  await place.putFile(key, path, final);
}

function checkManifest(
  place: Place,
  job: ShardJob,
  manifest: SessionManifest,
  recipe: Fingerprint,
): void {
  const difference = manifestDifference(manifest, job, recipe);
  if (difference === undefined) return;
  throw new OutputError(
    `Cannot write shards: the manifest of session ${manifest.position} is of ` +
      `another job: ${difference}`,
    { path: place.name },
  );
}

function checkBytes(
  place: Place,
  before: SessionManifest,
  now: SessionManifest,
): void {
  if (before.sha256 === now.sha256) return;
  throw new OutputError(
    `Cannot write shards: session "${now.session}" has other values than ` +
      "another run has found, expected a chain that gives the same each time",
    { path: place.name },
  );
}
