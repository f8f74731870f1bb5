import { map, type MonoTypeOperatorFunction } from "rxjs";
import { givesAway, givingAway } from "../base/sole_owner.ts";
import {
  lineageOf,
  type Step,
  withLineage,
  withStep,
} from "../stream/lineage.ts";
import type {
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
  Waveform,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";

/** How `parallel()` makes an operator in another thread, or why it cannot. */
export interface OperatorMaking {
  /** Public name of the operator. */
  readonly name: string;
  /**
   * Address of the module that exports the operator; missing where only this
   * thread can make it.
   */
  readonly module?: string;
  /**
   * Arguments that make the same operator, structured-cloneable if there is a
   * module. A resumed file compares them.
   */
  readonly args: readonly unknown[];
  /** Whether it keeps something for all reads of the stream, in this thread. */
  readonly hasMemory?: boolean;
  /** Without a module: what to do, as "expected ..." ends. */
  readonly obstacle?: string;
}

/**
 * Makes an operator of a function from session to session. It records the step
 * in the session's lineage, which makes it known to `parallel()` and to files.
 *
 * @param making The operator's name, and how another thread makes it.
 * @param apply Makes the new session at once, without reading.
 */
export function sessionOperator(
  { module, args, ...making }: OperatorMaking,
  apply: (session: Session) => Session,
): MonoTypeOperatorFunction<Session> {
  const { name } = making;
  const call = module === undefined ? undefined : { module, name, args };
  const step: Step = { ...making, args, ...(call && { call }), apply };
  return map((session) => withStep(apply(session), session, step));
}

/** Lists the presentations of a session. */
export type SessionList = (
  session: Session,
  options?: ReadOptions,
) => Promise<readonly Presentation[]>;

/**
 * The same session, and the whole one behind it, with another list of
 * presentations; nothing is read.
 *
 * @param change Makes the list; its second argument is the session before.
 * @param list Lists the session before.
 */
export function withPresentations(
  session: Session,
  change: (
    presentations: readonly Presentation[],
    session: Session,
  ) => readonly Presentation[],
  list: SessionList = (session, options) => session.presentations(options),
): Session {
  const { id, cells } = session;
  const { whole } = lineageOf(session);
  return withLineage({
    ...session,
    id,
    cells,
    presentations: async (options) =>
      change(await list(session, options), session),
  }, whole ? { whole: withPresentations(whole, change, list) } : {});
}

/** The same session with every presentation replaced; nothing is read. */
export function mapPresentations(
  session: Session,
  replace: (presentation: Presentation) => Presentation,
): Session {
  return withPresentations(
    session,
    (presentations) => presentations.map(replace),
  );
}

/** Reads and bins that replace those of a presentation. */
export interface PresentationChange {
  /** Reads the stimulus. */
  readonly readStimulus?: Stimulus["read"];
  /** Reads the responses. */
  readonly read?: Presentation["read"];
  /** Width of a bin of the responses in ms. */
  readonly dtMs?: number;
}

/**
 * The same presentation with other reads; nothing is read.
 *
 * @param name Name of the operator; stacks of errors show it for the reads.
 */
export function mapPresentation(
  name: string,
  presentation: Presentation,
  { readStimulus, read, dtMs = presentation.dtMs }: PresentationChange,
): Presentation {
  const { stimulus } = presentation;
  return {
    stimulus: readStimulus
      ? {
        key: stimulus.key,
        meta: stimulus.meta,
        durationMs: stimulus.durationMs,
        read: named(name, readStimulus),
      }
      : stimulus,
    ...(dtMs !== undefined && { dtMs }),
    read: read ? named(name, read) : (options) => presentation.read(options),
  };
}

/** Origin of the arrays of responses that a kernel returns. */
export type ArrayOrigin = "new" | "received" | "unknown";

/**
 * The same presentation with a kernel behind the read of its responses.
 *
 * @param arrays Whether the next operator may free the arrays of each result.
 */
export function mapTrials(
  name: string,
  presentation: Presentation,
  kernel: (trials: Trials, options: ReadOptions) => Trials | Promise<Trials>,
  arrays: ArrayOrigin = "unknown",
): Presentation {
  const made = mapPresentation(name, presentation, {
    read: async (options = {}) =>
      await kernel(await presentation.read(options), options),
  });
  const isSole = arrays === "new" ||
    arrays === "received" && givesAway(presentation.read);
  if (isSole) givingAway(made.read);
  return made;
}

/** The same presentation with a kernel behind the read of its stimulus. */
export function mapStimulus(
  name: string,
  presentation: Presentation,
  kernel: (
    read: Waveform | Tensor,
    options: ReadOptions,
  ) => Waveform | Tensor | Promise<Waveform | Tensor>,
): Presentation {
  const { stimulus } = presentation;
  return mapPresentation(name, presentation, {
    readStimulus: async (options = {}) =>
      await kernel(await stimulus.read(options), options),
  });
}

/** The function under a name, which V8 prints in stacks. */
function named<Read extends () => unknown>(name: string, read: Read): Read {
  return Object.defineProperty(read, "name", { value: name });
}
