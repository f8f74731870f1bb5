import { displayable, htmlTable } from "../base/jupyter.ts";
import type { Session } from "../session.ts";

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
  const rows = cells.map((cell, i) => [
    i,
    ...keys.map((key) => {
      const value = cell[key];
      return typeof value === "number" ? value : String(value ?? "");
    }),
  ]);
  return htmlTable(sessionText(session), ["", ...keys], rows);
}
