import type { ReadOptions } from "../base/abort.ts";
import type { Place, Stored } from "../places/place.ts";
import type { GateTally } from "../session.ts";
import { isFields } from "../sinks/files/head_fields.ts";
import type { Fingerprint } from "../stream/fingerprint.ts";
import { NO_TALLY } from "../stream/tally.ts";
import {
  type FieldRule,
  fieldsFault,
  isCount,
  isSha256,
  isText,
  jsonBytes,
  readJson,
  storedError,
} from "./_stored_json.ts";
import { factsFault } from "./_facts_fault.ts";
import type { SessionFacts } from "./_session_facts.ts";
import {
  commonRecipe,
  recipeDifference,
  recipeFault,
  type ShardJob,
} from "./job.ts";
import {
  isShardFormat,
  SHARD_FORMATS,
  type ShardFormat,
} from "./shard_format.ts";

const MAX_BYTES = 2 ** 26;

/** Description of the shard of one session, put once the shard is there. */
export interface SessionManifest {
  /** Position of the session in the job, from 0. */
  readonly position: number;
  /** Id of the session. */
  readonly session: string;
  /** Source and chain that made the shard. */
  readonly recipe: Fingerprint;
  /** Format of the shard. */
  readonly format: ShardFormat;
  /** Length of the shard. */
  readonly bytes: number;
  /** SHA-256 of the shard. */
  readonly sha256: string;
  /** Number of stimulus arrays in the shard. */
  readonly stimuli: number;
  /** Number of response arrays in the shard. */
  readonly responses: number;
  /** Number of cells with a response. */
  readonly cells: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
  /**
   * Position of the first session that lists a part of the same session, if there
   * are several such parts.
   */
  readonly partOf?: number;
  /** All that the shard does not hold of the session. */
  readonly facts: SessionFacts;
}

/** Key of the manifest of the session at a position. */
export function manifestKey(position: number): string {
  return `sessions/${numbered(position)}.json`;
}

/** Key of a shard: the content names it. */
export function shardKey(
  { position, sha256, format }: Pick<
    SessionManifest,
    "position" | "sha256" | "format"
  >,
): string {
  return `shards/${numbered(position)}-${sha256}.${format}`;
}

/** Puts a manifest; of many for one session, the first stays. */
export function putManifest(
  place: Place,
  manifest: SessionManifest,
  options?: ReadOptions,
): Promise<Stored> {
  return place.put(
    manifestKey(manifest.position),
    jsonBytes(manifest),
    options,
  );
}

/**
 * Reads the manifest of the session at a position; undefined if there is none. No
 * name in it is used as a path.
 *
 * @throws {FormatError} If it is damaged, or that of another position.
 * @throws {LimitError} If it is too long.
 */
export async function readManifest(
  place: Place,
  position: number,
  options: ReadOptions = {},
): Promise<SessionManifest | undefined> {
  const key = manifestKey(position);
  const limited = { ...options, maxBytes: MAX_BYTES };
  const stored = await readJson(place, key, "manifest", limited);
  if (stored === undefined) return undefined;
  const fault = fieldsFault(stored, MANIFEST) ??
    recipeFault((stored as SessionManifest).recipe) ??
    positionFault(stored as SessionManifest, position) ??
    factsFault((stored as SessionManifest).facts);
  if (fault !== undefined) throw storedError(place, key, "manifest", fault);
  return stored as SessionManifest;
}

/**
 * The first difference between a manifest and what a job makes of the session, in
 * words; undefined if there is none.
 *
 * @param own Recipe of the session; without it, that of the job counts.
 */
export function manifestDifference(
  manifest: SessionManifest,
  job: ShardJob,
  own?: Fingerprint,
): string | undefined {
  const { position, session, format, recipe } = manifest;
  const id = job.sessions[position];
  const difference = own === undefined
    ? recipeDifference({ format, recipe: commonRecipe(recipe) }, job)
    : recipeDifference(manifest, { format: job.format, recipe: own });
  return difference ??
    (session === id ? undefined : `the session was "${session}", is "${id}"`);
}

function numbered(position: number): string {
  return String(position).padStart(6, "0");
}

function positionFault(
  { position }: SessionManifest,
  expected: number,
): string | undefined {
  return position === expected
    ? undefined
    : `position is ${position}, expected ${expected}`;
}

const COUNT: FieldRule = ["a whole number from 0", isCount];

const MANIFEST: Readonly<Record<string, FieldRule>> = {
  position: COUNT,
  session: ["an id", isText],
  recipe: ["an object", isFields],
  format: [SHARD_FORMATS.join(", "), isShardFormat],
  bytes: COUNT,
  sha256: ["a SHA-256", isSha256],
  stimuli: COUNT,
  responses: COUNT,
  cells: COUNT,
  tally: ["counts of repeats", isTally],
  partOf: [
    "a position, if any",
    (value) => value === undefined || isCount(value),
  ],
  facts: ["an object", isFields],
};

function isTally(value: unknown): boolean {
  return isFields(value) &&
    Object.keys(NO_TALLY).every((reason) => isCount(value[reason]));
}
