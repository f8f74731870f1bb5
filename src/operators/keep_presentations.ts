import type { MonoTypeOperatorFunction } from "rxjs";
import type { Presentation, Session } from "../session.ts";
import { sessionOperator, withPresentations } from "./_session_operator.ts";
import { checkFunction, functionName } from "./_arguments.ts";

/** Whether to keep a presentation. */
export type PresentationPredicate = (
  presentation: Presentation,
  session: Session,
) => boolean;

/**
 * Keeps some presentations of every session.
 *
 * - The predicate sees what is known before a read (`stimulus.key`,
 *   `stimulus.meta`, `stimulus.durationMs`) and runs when a session is listed; the
 *   other presentations are never read.
 * - Ranges of a later `normalize()` are those of the kept presentations.
 *
 * @example Natural sounds alone
 * ```ts
 * import { keepPresentations, wehr } from "rxephys";
 *
 * const natural = wehr("data").pipe(
 *   keepPresentations(({ stimulus }) => stimulus.meta.category === "natural"),
 * );
 * ```
 *
 * @param predicate Returns true for the presentations to keep.
 * @throws {TypeError} When called, if `predicate` is no function; in the stream,
 * if it returns no boolean.
 */
export function keepPresentations(
  predicate: PresentationPredicate,
): MonoTypeOperatorFunction<Session> {
  checkFunction("keep presentations", "predicate", predicate);
  return sessionOperator(
    {
      name: "keepPresentations",
      args: [predicate],
      obstacle: "keepPresentations() after parallel(), or parallel({ module })",
    },
    (session) =>
      withPresentations(
        session,
        (presentations, before) =>
          presentations.filter((presentation) =>
            isKept(presentation, before, predicate)
          ),
      ),
  );
}

function isKept(
  presentation: Presentation,
  session: Session,
  predicate: PresentationPredicate,
): boolean {
  const result: unknown = predicate(presentation, session);
  if (typeof result === "boolean") return result;
  throw new TypeError(
    `Cannot keep presentations: ${
      functionName(predicate.name, "predicate")
    } returns ${String(result)} for stimulus "${presentation.stimulus.key}" ` +
      `of session "${session.id}", expected true or false`,
  );
}
