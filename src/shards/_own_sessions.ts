import { RecordingError } from "../errors.ts";
import type { Session } from "../session.ts";
import {
  differenceOf,
  type Fingerprint,
  fingerprintOf,
} from "../stream/fingerprint.ts";
import {
  type Listed,
  listedOf,
  listedSessions,
} from "../stream/listed_session.ts";
import { commonRecipe, type ShardJob } from "./job.ts";
import type { ShardFormat } from "./shard_format.ts";

/** Session of this run, and its place in the job. */
export interface OwnSession {
  readonly session: Session;
  readonly listed: Listed;
  /** Its source and chain. */
  readonly recipe: Fingerprint;
}

/** The sessions of this run, and the job that they are a share of. */
export interface Share {
  readonly job: ShardJob;
  readonly own: readonly OwnSession[];
}

/**
 * The share that the sessions of a stream are: of the stream itself, or of the one
 * that `shard()` or `keepSessions()` has listed. Null if there is no session.
 *
 * @throws {RecordingError} If they are of several streams, or one comes twice.
 */
export function shareOf(
  sessions: readonly Session[],
  format: ShardFormat,
): Share | null {
  const isListed = sessions.some((session) => listedOf(session) !== undefined);
  const all = isListed ? sessions : listedSessions(sessions);
  const own = all.map((session) => ({
    session,
    listed: placeOf(session),
    recipe: fingerprintOf(session),
  }));
  const [first] = own;
  if (first === undefined) return null;
  const { listing } = first.listed;
  const recipe = commonRecipe(first.recipe);
  const seen = new Set<number>();
  for (const { session, listed, recipe: ownRecipe } of own) {
    const { id } = session;
    const { position } = listed;
    if (listed.listing !== listing) {
      throw refused(`session "${id}" is of another shard()`, "one");
    }
    if (seen.has(position)) {
      throw refused(`session "${id}" comes twice`, "no shuffleBuffer()");
    }
    if (listing[position] !== id) {
      throw refused(
        `session "${id}" was "${listing[position]}" before`,
        "shard() and keepSessions() behind what renames sessions",
      );
    }
    const difference = differenceOf(recipe, commonRecipe(ownRecipe));
    if (difference !== undefined) {
      throw refused(
        `the sessions are of several streams: ${difference}`,
        "a place for each",
      );
    }
    seen.add(position);
  }
  return { own, job: { format, recipe, sessions: listing } };
}

function placeOf(session: Session): Listed {
  const listed = listedOf(session);
  if (listed !== undefined) return listed;
  throw refused(
    `session "${session.id}" was added behind shard() or keepSessions()`,
    "them last",
  );
}

function refused(found: string, expected: string): RecordingError {
  return new RecordingError(
    `Cannot write shards: ${found}, expected ${expected}`,
  );
}
