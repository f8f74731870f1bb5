import { map, type MonoTypeOperatorFunction } from "rxjs";
import { withStep } from "../stream/lineage.ts";
import type {
  CellMeta,
  CellResponse,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
} from "../session.ts";
import { mapPresentations, mapTrials } from "./_session_operator.ts";

/** Whose response it is that {@linkcode mapResponses} hands to a function. */
export interface ResponseContext {
  /** The session, as it was before this operator. */
  readonly session: Session;
  /** The cell that responded. */
  readonly cell: CellMeta;
  /** The stimulus to which it responded. */
  readonly stimulus: Stimulus;
  /** Aborts when the reader leaves. */
  readonly signal?: AbortSignal;
}

/** What {@linkcode mapResponses} applies: null drops the response. */
export type ResponseFunction = (
  response: CellResponse,
  context: ResponseContext,
) => CellResponse | null | Promise<CellResponse | null>;

/**
 * Applies a function to every response: the way to an operator of one's own.
 *
 * - In and out: one cell's repeats of one stimulus, `[T]` each. Return new
 *   arrays; those received are shared with other readers.
 * - The function runs when a sink reads, one presentation at a time, never when
 *   a session passes.
 *
 * @example Keep only what was heard at least three times
 * ```ts
 * import { mapResponses, wehr } from "rxephys";
 *
 * const often = wehr("data").pipe(
 *   mapResponses((response) =>
 *     response.repeats.length >= 3 ? response : null
 *   ),
 * );
 * ```
 *
 * @param apply The function, synchronous or not. What it throws ends the stream.
 * @throws {TypeError} When called, if `apply` is no function.
 */
export function mapResponses(
  apply: ResponseFunction,
): MonoTypeOperatorFunction<Session> {
  if (typeof apply !== "function") {
    throw new TypeError(
      `Cannot map responses: apply is ${typeof apply}, expected a function`,
    );
  }
  const step = {
    name: "mapResponses",
    apply: (session: Session): Session => mapped(session, apply),
    obstacle: "mapResponses() after parallel(), or parallel({ module })",
  };
  return map((session) => withStep(step.apply(session), session, step));
}

function mapped(session: Session, apply: ResponseFunction): Session {
  return mapPresentations(session, (presentation) =>
    mapTrials(
      presentation,
      (trials, options) =>
        applied(apply, trials, session, presentation.stimulus, options),
    ));
}

async function applied(
  apply: ResponseFunction,
  trials: Trials,
  session: Session,
  stimulus: Stimulus,
  { signal }: ReadOptions,
): Promise<Trials> {
  const responses: (CellResponse | null)[] = [];
  for (const [index, response] of trials.responses.entries()) {
    signal?.throwIfAborted();
    const cell = session.cells[index];
    responses.push(
      response && await apply(response, { session, cell, stimulus, signal }),
    );
  }
  return { responses, tally: trials.tally };
}
