import type { ReadOptions } from "../base/abort.ts";
import { DataNotFoundError, OutputError } from "../errors.ts";
import type { Place } from "../places/place.ts";
import { sha256Hash } from "../platform/hash.ts";
import { isFields } from "../sinks/files/head_fields.ts";
import { differenceOf, type Fingerprint } from "../stream/fingerprint.ts";
import type { Listing } from "../stream/listed_session.ts";
import {
  type FieldRule,
  fieldsFault,
  isCount,
  isSha256,
  isText,
  jsonBytes,
  parsed,
  readJson,
  storedError,
} from "./_stored_json.ts";
import {
  isShardFormat,
  SHARD_FORMATS,
  type ShardFormat,
} from "./shard_format.ts";

/** Key of the object that says what a place holds. */
export const JOB_KEY = "job.json";

/** Version of the layout of a place. */
const LAYOUT = 1;
const MAX_JOB_BYTES = 2 ** 24;
/** Ids of 10^7 sessions. */
const MAX_LISTING_BYTES = 2 ** 28;

/** Work that shards divide: the same in every process that has a share of it. */
export interface ShardJob {
  /** Format of the shards. */
  readonly format: ShardFormat;
  /** Source and chain, as {@linkcode commonRecipe} has them. */
  readonly recipe: Fingerprint;
  /** Ids of all sessions, in the order of the source. */
  readonly sessions: Listing;
}

/** The content of {@linkcode JOB_KEY}. */
interface StoredJob {
  readonly rxephysShards: number;
  readonly format: ShardFormat;
  readonly recipe: Fingerprint;
  /** Number of sessions. */
  readonly sessions: number;
  /** SHA-256 of the list of ids, an object of its own: it may be long. */
  readonly listing: string;
}

/**
 * Notes in a place which job its shards belong to, or checks that it is the same:
 * of many processes that start at once, one notes it.
 *
 * @throws {OutputError} If the place holds another job; the message has the first
 * difference.
 * @throws {FormatError} If the note is damaged.
 */
export async function startJob(
  place: Place,
  job: ShardJob,
  options: ReadOptions = {},
): Promise<void> {
  const { sha256, length } = summed(job.sessions);
  const own = jsonBytes(storedOf(job, sha256));
  const before = await place.get(JOB_KEY, {
    ...options,
    maxBytes: MAX_JOB_BYTES,
  });
  if (before !== undefined && !isSame(before, own)) {
    throw await otherJobError(place, job, options);
  }
  const key = listingKey(sha256);
  const found = await place.sizeOf(key, options);
  if (found !== length) {
    // One of another length was cut.
    if (found !== undefined) await place.remove(key, options);
    await place.put(key, jsonBytes(job.sessions), options);
  }
  if (before !== undefined) return;
  if (await place.put(JOB_KEY, own, options) === "stored") return;
  const winner = await place.get(JOB_KEY, {
    ...options,
    maxBytes: MAX_JOB_BYTES,
  });
  if (winner !== undefined && isSame(winner, own)) return;
  const error = await otherJobError(place, job, options);
  const { listing: theirs } = await storedJob(place, options);
  if (theirs !== sha256) await place.remove(key, options);
  throw error;
}

/**
 * Reads which job the shards of a place belong to.
 *
 * @throws {DataNotFoundError} If the place holds no job.
 * @throws {FormatError} If the note is damaged.
 * @throws {LimitError} If it is longer than any job's.
 */
export async function readJob(
  place: Place,
  options: ReadOptions = {},
): Promise<ShardJob> {
  const { format, recipe, sessions, listing } = await storedJob(place, options);
  const ids = await readListing(place, listing, options);
  if (ids.length !== sessions) {
    throw storedError(
      place,
      JOB_KEY,
      "job",
      `sessions is ${sessions}, expected ${ids.length} as listed`,
    );
  }
  return { format, recipe, sessions: ids };
}

/** The first difference between two jobs, in words; undefined if there is none. */
export function jobDifference(
  before: ShardJob,
  now: ShardJob,
): string | undefined {
  return recipeDifference(before, now) ??
    listingDifference(before.sessions, now.sessions);
}

/**
 * What the recipes of a job's sessions have in common: all, unless each session has
 * archives of its own.
 */
export function commonRecipe(recipe: Fingerprint): Fingerprint {
  const { source } = recipe;
  return source?.perSession
    ? { ...recipe, source: { ...source, archives: "one of each session" } }
    : recipe;
}

/** How something is made: recipe and format. */
type Making = Pick<ShardJob, "recipe" | "format">;

/** The first difference between the recipes and formats of two runs, in words. */
export function recipeDifference(
  before: Making,
  now: Making,
): string | undefined {
  const difference = differenceOf(before.recipe, now.recipe);
  if (difference !== undefined || before.format === now.format) {
    return difference;
  }
  return `the format was ${before.format}, is ${now.format}`;
}

/** What is wrong with a recipe that was read; undefined if it is one. */
export function recipeFault(value: unknown): string | undefined {
  return fieldsFault(value, RECIPE);
}

async function storedJob(
  place: Place,
  options: ReadOptions,
): Promise<StoredJob> {
  const limited = { ...options, maxBytes: MAX_JOB_BYTES };
  const stored = await readJson(place, JOB_KEY, "job", limited);
  if (stored === undefined) {
    throw new DataNotFoundError("Cannot read job: the place holds no shards", {
      archive: place.name,
      member: JOB_KEY,
    });
  }
  const fault = fieldsFault(stored, JOB) ??
    recipeFault((stored as StoredJob).recipe);
  if (fault !== undefined) throw storedError(place, JOB_KEY, "job", fault);
  return stored as StoredJob;
}

async function readListing(
  place: Place,
  sha256: string,
  { signal }: ReadOptions,
): Promise<Listing> {
  const key = listingKey(sha256);
  const bytes = await place.get(key, { signal, maxBytes: MAX_LISTING_BYTES });
  const fail = (fault: string): Error =>
    storedError(place, key, "list of sessions", fault);
  if (bytes === undefined) throw fail("it is missing");
  if (sha256Of(bytes) !== sha256) throw fail("its SHA-256 differs");
  const ids = parsed(bytes, place, key, "list of sessions");
  if (Array.isArray(ids) && ids.every(isText)) return ids;
  throw fail("it is no list of ids");
}

async function otherJobError(
  place: Place,
  job: ShardJob,
  options: ReadOptions,
): Promise<OutputError> {
  const stored = await storedJob(place, options);
  // The list of sessions may be long, and is read only if the rest agrees.
  const difference = recipeDifference(stored, job) ??
    jobDifference(await readJob(place, options), job);
  return new OutputError(
    "Cannot write shards: the place holds those of another job: " +
      (difference ?? "it was noted in another form"),
    { path: place.name },
  );
}

function storedOf(
  { format, recipe, sessions }: ShardJob,
  listing: string,
): StoredJob {
  const { length } = sessions;
  return { rxephysShards: LAYOUT, format, recipe, sessions: length, listing };
}

function listingDifference(
  before: Listing,
  now: Listing,
): string | undefined {
  const count = Math.min(before.length, now.length);
  for (let i = 0; i < count; i++) {
    if (before[i] === now[i]) continue;
    return `session ${i} was "${before[i]}", is "${now[i]}"`;
  }
  if (before.length === now.length) return undefined;
  return `there were ${before.length} sessions, there are ${now.length}`;
}

/** Sums of the lists of this process: a queue starts a job for each session. */
const SUMS = new WeakMap<Listing, { sha256: string; length: number }>();

/** SHA-256 and length of a list of ids as JSON. */
function summed(listing: Listing): { sha256: string; length: number } {
  const known = SUMS.get(listing);
  if (known !== undefined) return known;
  const bytes = jsonBytes(listing);
  const sum = { sha256: sha256Of(bytes), length: bytes.length };
  SUMS.set(listing, sum);
  return sum;
}

function listingKey(sha256: string): string {
  return `sessions-${sha256}.json`;
}

function sha256Of(bytes: Uint8Array): string {
  const hash = sha256Hash();
  hash.update(bytes);
  return hash.hex();
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

const JOB: Readonly<Record<string, FieldRule>> = {
  rxephysShards: [`layout ${LAYOUT}`, (value) => value === LAYOUT],
  format: [SHARD_FORMATS.join(", "), isShardFormat],
  recipe: ["an object", isFields],
  sessions: ["a number of sessions", isCount],
  listing: ["a SHA-256", isSha256],
};

const RECIPE: Readonly<Record<string, FieldRule>> = {
  rxephys: ["a version", isText],
  source: [
    "null or a source",
    (value) =>
      value === null ||
      isFields(value) && isText(value.name) && isText(value.archives),
  ],
  steps: [
    "a list of operators",
    (value) => Array.isArray(value) && value.every(isStep),
  ],
};

function isStep(value: unknown): boolean {
  return isFields(value) && isText(value.name) && Array.isArray(value.args);
}
