import type { Recipe } from "../recipe/recipe.ts";
import type { ShardFormat } from "../shards/shard_format.ts";

/** Sessions to write: how they are read, and where their shards go. */
export interface Run {
  /** Data set, path or address, and options; paths are absolute. */
  readonly recipe: Recipe;
  /** Name of the place, as {@linkcode openPlace} takes it. */
  readonly place: string;
  /** Format of the shards. */
  readonly format: ShardFormat;
}

/** A run that lies in Redis. */
export interface QueuedRun extends Run {
  /** The same for the same recipe, place and format. */
  readonly id: string;
  /** Number of sessions of the recipe. */
  readonly sessions: number;
  /** Time of the first submission, ISO 8601. */
  readonly submitted: string;
}

/** A session to write, as it lies in the queue. */
export interface SessionJob {
  /** Id of the run. */
  readonly run: string;
  /** Place of the session among those of the run, from 0. */
  readonly position: number;
  /** Id of the session. */
  readonly session: string;
}

/** Digits of a run's id: two runs share one with a probability of 1e-19. */
const ID_DIGITS = 16;
const POSITION_DIGITS = 6;

/** Id of a run, found from its parts. */
export async function runId({ recipe, place, format }: Run): Promise<string> {
  const { dataSet, data, options } = recipe;
  const fields = Object.entries(options).filter(([name]) => name !== "ranges")
    .sort(([a], [b]) => a < b ? -1 : 1);
  const text = JSON.stringify([dataSet, data, fields, place, format]);
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return digest.toHex().slice(0, ID_DIGITS);
}

/** Id of a session's job: BullMQ adds a job of the same id once. */
export function jobId(run: string, position: number): string {
  return `${run}-${String(position).padStart(POSITION_DIGITS, "0")}`;
}

/** The run of a job's id. */
export function runOfJob(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}
