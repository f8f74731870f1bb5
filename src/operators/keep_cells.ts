import { filter, type MonoTypeOperatorFunction } from "rxjs";
import { lineageOf, withLineage } from "../stream/lineage.ts";
import type { CellMeta, Session } from "../session.ts";
import {
  mapPresentations,
  mapTrials,
  sessionOperator,
} from "./_session_operator.ts";
import { checkFunction, functionName } from "./_arguments.ts";

/** Whether to keep a cell. */
export type CellPredicate = (cell: CellMeta, session: Session) => boolean;

/**
 * Keeps some cells of every session, and drops sessions without any.
 *
 * - The other cells leave `cells` and every presentation's responses. The
 *   predicate sees metadata alone and runs when a session passes; nothing is read.
 * - `parallel()` accepts it behind, and before as long as it keeps all cells of a
 *   session or none.
 * - Presentations that no kept cell answered stay in the list; sinks drop their
 *   stimuli as always.
 *
 * @example The cells of one probe
 * ```ts
 * import { keepCells, wingert2026 } from "rxephys";
 *
 * const deep = wingert2026("data").pipe(
 *   keepCells(({ electrode }) => Number(electrode) > 32),
 * );
 * ```
 *
 * @param predicate Returns true for the cells to keep.
 * @throws {TypeError} When called, if `predicate` is no function; in the stream,
 * if it returns no boolean.
 */
export function keepCells(
  predicate: CellPredicate,
): MonoTypeOperatorFunction<Session> {
  checkFunction("keep cells", "predicate", predicate);
  const keep = sessionOperator(
    {
      name: "keepCells",
      args: [predicate],
      obstacle: "keepCells() after parallel(), or parallel({ module })",
    },
    (session) => {
      const places = [...session.cells.keys()].filter((place) =>
        isKept(session, place, predicate)
      );
      return places.length === session.cells.length
        ? session
        : withCells(session, places);
    },
  );
  return (sessions) =>
    sessions.pipe(keep, filter(({ cells }) => cells.length > 0));
}

function isKept(
  session: Session,
  place: number,
  predicate: CellPredicate,
): boolean {
  const kept: unknown = predicate(session.cells[place] as CellMeta, session);
  if (typeof kept === "boolean") return kept;
  throw new TypeError(
    `Cannot keep cells: ${functionName(predicate.name, "predicate")} returns ` +
      `${
        String(kept)
      } for cell ${place} of session "${session.id}", expected ` +
      "true or false",
  );
}

function withCells(session: Session, places: readonly number[]): Session {
  const picked = <Value>(values: readonly Value[]): Value[] =>
    places.map((place) => values[place] as Value);
  const mapped = mapPresentations(
    session,
    (presentation) =>
      mapTrials("keepCells", presentation, ({ responses, tally }) => ({
        responses: picked(responses),
        tally,
      })),
  );
  const { whole, cellNumbers } = lineageOf(mapped);
  return withLineage({ ...mapped, cells: picked(session.cells) }, {
    ...(cellNumbers && { cellNumbers: picked(cellNumbers) }),
    ...(whole && { whole: { ...whole, cells: picked(session.cells) } }),
  });
}
