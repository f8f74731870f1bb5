import { displayable, escapeHtml, htmlTable } from "../base/jupyter.ts";
import type { Session } from "../session.ts";

/** Rows of a table of cells at most. */
const MOST_ROWS = 30;

/**
 * Makes a session show its cells in a notebook. Nothing is read for that.
 *
 * @param session New session, which is changed.
 */
export function sessionDisplayed(session: Session): Session {
  return displayable(session, sessionHtml, sessionText);
}

function sessionText({ id, cells }: Session): string {
  return `Session ${id}, cells: ${cells.length}`;
}

function sessionHtml(session: Session): string {
  const { cells } = session;
  const keys = [...new Set(cells.flatMap((cell) => Object.keys(cell)))];
  const rows = cells.slice(0, MOST_ROWS).map((cell, i) => [
    i,
    ...keys.map((key) => {
      const value = cell[key];
      return typeof value === "number" ? value : String(value ?? "");
    }),
  ]);
  const table = htmlTable(sessionText(session), ["", ...keys], rows);
  const more = cells.length - MOST_ROWS;
  return more > 0 ? `${table}<p>${escapeHtml(`and ${more} more`)}</p>` : table;
}
