import type {
  CellMeta,
  CellResponse,
  Presentation,
  Session,
  Stimulus,
} from "../session.ts";
import { freeArrays, givesAway } from "../base/sole_owner.ts";
import {
  type ArrayOrigin,
  mapPresentations,
  mapTrials,
} from "./_session_operator.ts";

/** The session, cell and stimulus of a response. */
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

/** Makes a response of another one; null drops it. */
export type ResponseFunction = (
  response: CellResponse,
  context: ResponseContext,
) => CellResponse | null | Promise<CellResponse | null>;

/**
 * The same session with a function behind the read of every response; nothing is
 * read.
 *
 * @param name Name of the operator.
 * @param arrays As of {@linkcode mapTrials}.
 */
export function mapEachResponse(
  name: string,
  session: Session,
  apply: ResponseFunction,
  arrays?: ArrayOrigin,
): Session {
  return mapPresentations(
    session,
    (presentation) =>
      withEachResponse(name, session, presentation, apply, arrays),
  );
}

/** One presentation of {@linkcode mapEachResponse}. */
export function withEachResponse(
  name: string,
  session: Session,
  presentation: Presentation,
  apply: ResponseFunction,
  arrays?: ArrayOrigin,
): Presentation {
  const { stimulus } = presentation;
  return mapTrials(name, presentation, async (trials, { signal }) => {
    const responses: (CellResponse | null)[] = [];
    for (const [index, response] of trials.responses.entries()) {
      signal?.throwIfAborted();
      const cell = session.cells[index] ?? {};
      const context = { session, cell, stimulus, ...(signal && { signal }) };
      responses.push(response && await apply(response, context));
    }
    return { responses, tally: trials.tally };
  }, arrays);
}

/**
 * A function of responses behind which the arrays that it receives are freed,
 * where the presentation's read gives them away. It returns new ones.
 */
export function freeing(
  apply: ResponseFunction,
  { read }: Presentation,
): ResponseFunction {
  if (!givesAway(read)) return apply;
  return async (response, context) => {
    const made = await apply(response, context);
    freeArrays(response.repeats);
    return made;
  };
}
