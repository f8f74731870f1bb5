import type {
  CellMeta,
  CellResponse,
  Presentation,
  Session,
  Stimulus,
} from "../session.ts";
import { mapPresentations, mapTrials } from "./_session_operator.ts";

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
 */
export function mapEachResponse(
  name: string,
  session: Session,
  apply: ResponseFunction,
): Session {
  return mapPresentations(
    session,
    (presentation) => withEachResponse(name, session, presentation, apply),
  );
}

/** One presentation of {@linkcode mapEachResponse}. */
export function withEachResponse(
  name: string,
  session: Session,
  presentation: Presentation,
  apply: ResponseFunction,
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
  });
}
