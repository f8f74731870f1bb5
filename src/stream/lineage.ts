import type { CellMeta, Session } from "../session.ts";
import type { ReadOptions } from "../base/abort.ts";
import type { ReadKeeper } from "./kept_reads.ts";
import type { Relay } from "./relayed_warning.ts";
import { sessionDisplayed } from "./_session_html.ts";

/** A call that another thread can repeat: an export and plain arguments. */
export interface Call {
  /** Address of the module. */
  readonly module: string;
  /** Name of the export, a function. */
  readonly name: string;
  /** Arguments, structured-cloneable. */
  readonly args: readonly unknown[];
}

/** Finds a session of a source that was opened anew. */
export type SessionFinder = (hint: unknown) => Session | Promise<Session>;

/** How another thread opens a session's source. */
export interface WorkerSource {
  /**
   * Gives a promise of a {@linkcode SessionFinder}; it is called with two more
   * arguments, a promise of the value of {@linkcode WorkerSource.shared} and the
   * {@linkcode Relay} of the worker's warnings.
   */
  readonly source: Call;
  /**
   * Reads once, in this thread, what all workers need of the archive;
   * structured-cloneable.
   */
  readonly shared?: (options: ReadOptions) => Promise<unknown>;
  /** Key under which the finder looks the session up, structured-cloneable. */
  readonly hint: unknown;
  /** About how long a worker relieves the main thread of the session, in ms. */
  readonly workMs?: number;
  /** Whether {@linkcode WorkerSource.shared} leaves stimuli in this thread's memory. */
  readonly keepsStimuli?: boolean;
  /** Counts a worker's warning in this subscription. */
  readonly warn: Relay;
}

/** Facts about a source that determine what its sessions hold. */
export interface SourceIdentity {
  /** Public name of the source. */
  readonly name: string;
  /** Its options that select sessions, cells or stimuli; JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Describes the content of its archives, the same wherever they lie. */
  readonly archives: () => string;
  /** Whether the archives are those of this session alone. */
  readonly perSession?: true;
}

/** A change that an operator made to a session. */
export interface Step {
  /** Name of the operator. */
  readonly name: string;
  /** Its arguments, if there is no call; a resumed file compares them. */
  readonly args?: readonly unknown[];
  /** Makes the same operator; missing where only this thread can do the step. */
  readonly call?: Call;
  /** Does the step to another session of the same stream. */
  readonly apply?: (session: Session) => Session;
  /** Whether it keeps something for all reads of the stream, in this thread. */
  readonly hasMemory?: boolean;
  /** Without a call: why, and what to do, as "expected ..." ends. */
  readonly obstacle?: string;
}

/** One step of a session's history. */
export interface Link {
  /** The session that the operator received. */
  readonly previous: Session;
  readonly step: Step;
}

/** Reads sessions before a reader asks for them. */
export interface ReadAheadStart {
  /** Starts to read ahead for one reader. */
  begin(options: ReadAheadOptions): ReadAheadLease;
}

/** Reads sessions ahead of the reader, several at the same time. */
export interface ReadAheadHost extends ReadAheadStart {
  /** Reads that it can do at the same time. */
  readonly concurrency: number;
}

/** How far to read ahead. */
export interface ReadAheadOptions {
  /**
   * Reads at the same time.
   *
   * @default those of the host
   */
  readonly concurrency?: number;
  /**
   * Presentations that may wait for the reader, beside the limit in bytes.
   *
   * @default {Infinity}
   */
  readonly waiting?: number;
  /**
   * Keeps what a {@linkcode Lineage.pass} reads of sessions that the reader reads
   * as they are; without it the pass keeps nothing.
   */
  readonly keeper?: ReadKeeper;
}

/** Reading ahead for one reader, until it ends. */
export interface ReadAheadLease {
  /**
   * Announces that a session will be read, after those announced before.
   *
   * @param isFinal Whether the reader reads this session itself, not one that
   * later steps made of it.
   */
  announce(session: Session, isFinal: boolean): void;
  /** Aborts the reads under way and drops what was read and not used. */
  end(): void;
}

/**
 * Knowledge about a session that sources, operators and sinks share and users do
 * not see. A spread of the session keeps all of it, as long as `presentations` stays the
 * same function; one that replaces `presentations` keeps only the cells' part,
 * `cellNumbers` and `partOf`.
 */
export interface Lineage {
  /**
   * Each cell's place in its data set's table of cells, in the order of
   * {@linkcode Session.cells}. A dataset then lists cells in that order, also
   * those without a response, and every stimulus of the session, also those
   * without any. Sessions that are not streamed leave no gap.
   */
  readonly cellNumbers?: readonly number[];
  /**
   * Object that the sessions which list parts of one and the same session share.
   * A sink takes their cells for the same ones.
   */
  readonly partOf?: object;
  /**
   * The session with all its presentations, where this one lists a part of them:
   * ranges over everything are computed from it.
   */
  readonly whole?: Session;
  /**
   * Whether a file holds each of its stimuli, also one without a response or of a
   * session before.
   */
  readonly everyStimulus?: boolean;
  /** The source of the session, before the first operator. */
  readonly identity?: SourceIdentity;
  /** The session that another thread reads in the place of this one. */
  readonly reads?: Session;
  /** How another thread opens the session, before the first operator. */
  readonly source?: WorkerSource;
  /** The last operator, and the session before it. */
  readonly link?: Link;
  /** Reads the session ahead of a sink. */
  readonly host?: ReadAheadHost;
  /** Reads the whole stream before the first value of any session is known. */
  readonly pass?: ReadAheadStart;
}

/** Key of the lineage: a spread copies it, JSON and structured clones do not. */
const LINEAGE = Symbol("rxephys.lineage");

/** A lineage and the session that it was recorded for; prints as its name. */
class RecordedLineage {
  readonly #lineage: Lineage;
  readonly #session: Session;

  constructor(lineage: Lineage, session: Session) {
    this.#lineage = lineage;
    this.#session = session;
  }

  /** The part that still holds for a session that carries it. */
  of({ cells, presentations }: Session): Lineage {
    if (presentations === this.#session.presentations) return this.#lineage;
    const { cellNumbers, partOf } = this.#lineage;
    const areSameCells = cellNumbers?.length === cells.length;
    return {
      ...(areSameCells && { cellNumbers }),
      ...(partOf && { partOf }),
    };
  }

  /** The session that it was recorded for, if `presentations` is another one. */
  originalOf({ presentations }: Session): Session | undefined {
    const isSame = presentations === this.#session.presentations;
    return isSame ? undefined : this.#session;
  }

  /** Whether a session that carries it has got another name or other cells. */
  isEdited({ id, cells }: Session): boolean {
    return id !== this.#session.id || cells !== this.#session.cells;
  }
}

/** The session before a spread replaced its `presentations`, if one did. */
export function originalOf(session: Session): Session | undefined {
  return (session as WithLineage)[LINEAGE]?.originalOf(session);
}

interface WithLineage extends Session {
  readonly [LINEAGE]?: RecordedLineage;
}

/** The lineage of a session; empty for a session that a user made. */
export function lineageOf(session: Session): Lineage {
  return (session as WithLineage)[LINEAGE]?.of(session) ?? {};
}

/**
 * A copy of a session with more lineage.
 *
 * @param session The session, unchanged.
 * @param more Replaces fields of the session's lineage.
 */
export function withLineage(session: Session, more: Lineage): Session {
  // A method of a class is bound: spreads of the copy would lose its object.
  const presentations = Object.hasOwn(session, "presentations")
    ? session.presentations
    : session.presentations.bind(session);
  const { id, cells } = session;
  const copy = { ...session, id, cells, presentations };
  const lineage = { ...lineageOf(session), ...more };
  return sessionDisplayed(Object.assign(copy, {
    [LINEAGE]: new RecordedLineage(lineage, copy),
  }));
}

/** A copy of a session that records the step that made it from another one. */
export function withStep(
  session: Session,
  previous: Session,
  step: Step,
): Session {
  if (session === previous) return session;
  return withLineage(session, { link: { previous, step } });
}

/** The steps that made a session and the sessions before them, first to last. */
export function linksOf(session: Session): readonly Link[] {
  const all: Link[] = [];
  for (let at = lineageOf(session).link; at;) {
    all.unshift(at);
    at = lineageOf(at.previous).link;
  }
  return all;
}

/** Name and cells that a user's spread gave to a session. */
export interface SessionEdit {
  readonly id: string;
  readonly cells: readonly CellMeta[];
}

/** A spread's changes since the source or the last operator; null without any. */
export function editOf(session: Session): SessionEdit | null {
  if (!(session as WithLineage)[LINEAGE]?.isEdited(session)) return null;
  const { id, cells } = session;
  return { id, cells };
}
