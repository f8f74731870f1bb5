import {
  filter,
  from,
  mergeMap,
  type MonoTypeOperatorFunction,
  toArray,
} from "rxjs";
import type { Session } from "../session.ts";
import { lineageOf } from "./lineage.ts";
import { sessionDisplayed } from "./_session_html.ts";

/** Ids of all sessions of a stream, in its order. */
export type Listing = readonly string[];

/** Place of a session among all sessions of its stream. */
export interface Listed {
  /** Position in the listing, from 0. */
  readonly position: number;
  /** The whole stream; all of its sessions share one object. */
  readonly listing: Listing;
  /**
   * Position of the first session that lists a part of the same session, if there
   * are several such parts.
   */
  readonly partOf?: number;
}

/** Key of the place: a spread copies it, also one that replaces the reads. */
const LISTED = Symbol("rxephys.listed");

interface WithListed extends Session {
  readonly [LISTED]?: Listed;
}

/** Place of a session in its stream; undefined unless the stream was listed. */
export function listedOf(session: Session): Listed | undefined {
  return (session as WithListed)[LISTED];
}

/** A copy of a session that knows its place. */
export function withListed(session: Session, listed: Listed): Session {
  // A method of a class is bound: spreads of the copy would lose its object.
  const presentations = Object.hasOwn(session, "presentations")
    ? session.presentations
    : session.presentations.bind(session);
  const { id, cells } = session;
  return sessionDisplayed({
    ...session,
    id,
    cells,
    presentations,
    [LISTED]: listed,
  } as Session);
}

/** The sessions of a whole stream, each with its place; one that has a place keeps it. */
export function listedSessions(sessions: readonly Session[]): Session[] {
  const listing = sessions.map(({ id }) => id);
  const firsts = new Map<object, number>();
  return sessions.map((session, position) => {
    const whole = lineageOf(session).partOf;
    if (whole !== undefined && !firsts.has(whole)) firsts.set(whole, position);
    if (listedOf(session)) return session;
    const partOf = whole && firsts.get(whole);
    return withListed(session, {
      position,
      listing,
      ...(partOf !== undefined && { partOf }),
    });
  });
}

/** Whether a session at a position of the stream belongs to the share. */
export type IsInShare = (session: Session, position: number) => boolean;

/**
 * Emits a share of a stream. Handles wait until the last one has arrived; each of
 * the share then knows its place among all.
 *
 * @param choose Makes the choice, once all sessions are known.
 */
export function listedShare(
  choose: (listing: Listing) => IsInShare,
): MonoTypeOperatorFunction<Session> {
  return (sessions) =>
    sessions.pipe(
      toArray(),
      mergeMap((all) => {
        const isInShare = choose(all.map(({ id }) => id));
        return from(listedSessions(all)).pipe(filter(isInShare));
      }),
    );
}
