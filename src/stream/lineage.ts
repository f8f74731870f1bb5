import type { Session } from "../session.ts";
import type { Relay } from "./relayed_warning.ts";

/** A call that another thread can make, too: an export and plain arguments. */
export interface Call {
  /** Address of the module. */
  readonly module: string;
  /** Name of the export, a function. */
  readonly name: string;
  /** What it is called with, structured-cloneable. */
  readonly args: readonly unknown[];
}

/** Finds a session of a source that was opened anew. */
export type SessionFinder = (hint: unknown) => Session | Promise<Session>;

/** How another thread opens a session's source. */
export interface WorkerSource {
  /**
   * Gives a promise of a {@linkcode SessionFinder}; it is called with one more
   * argument, the {@linkcode Relay} of the worker's warnings.
   */
  readonly source: Call;
  /** Key under which the finder looks the session up, structured-cloneable. */
  readonly hint: unknown;
  /** Counts a worker's warning in this subscription. */
  readonly warn: Relay;
}

/** What an operator did to a session. */
export interface Step {
  /** The operator. */
  readonly name: string;
  /** Makes the same operator; none where only this thread can do the step. */
  readonly call?: Call;
  /** Does the step to another session of the same stream. */
  readonly apply?: (session: Session) => Session;
  /** Whether it keeps something for all reads of the stream, in this thread. */
  readonly hasMemory?: boolean;
  /** Without a call: why, and what to do, as "expected ..." ends. */
  readonly obstacle?: string;
}

interface Link {
  readonly previous: Session;
  readonly step: Step;
}

// Kept beside the sessions: a copy that a user's own function makes of one is
// another session, of which nothing is known here.
const workerSources = new WeakMap<Session, WorkerSource>();
const links = new WeakMap<Session, Link>();

/** The same session, known to come from a source. */
export function withWorkerSource<Own extends Session>(
  session: Own,
  source: WorkerSource,
): Own {
  workerSources.set(session, source);
  return session;
}

/** How a session that no operator has touched can be opened elsewhere. */
export function workerSourceOf(session: Session): WorkerSource | undefined {
  return workerSources.get(session);
}

/** The same session, known to be another one after a step. */
export function withStep(
  session: Session,
  previous: Session,
  step: Step,
): Session {
  if (session !== previous) links.set(session, { previous, step });
  return session;
}

/** The sessions that became this one and what was done to each, first to last. */
export function linksOf(session: Session): readonly Link[] {
  const all: Link[] = [];
  for (let at = links.get(session); at; at = links.get(at.previous)) {
    all.unshift(at);
  }
  return all;
}
