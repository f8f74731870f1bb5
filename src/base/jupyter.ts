/** Key of the method that Deno's Jupyter kernel calls to show a value. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** Rows of a table at most. */
const MOST_ROWS = 30;

/** Content of a value in a notebook, by media type. */
export interface JupyterContent {
  readonly "text/html": string;
  readonly "text/plain": string;
}

/**
 * Makes a value show itself in a notebook of Deno's Jupyter kernel. It is invisible
 * otherwise: spreads, JSON and comparisons ignore it.
 *
 * @param value New object, which is changed.
 * @param html Makes the content.
 * @param text Makes the text for viewers without HTML.
 * @returns The same object.
 */
export function displayable<Value extends object>(
  value: Value,
  html: (value: Value) => string,
  text: (value: Value) => string,
): Value {
  const display = (): JupyterContent => ({
    "text/html": html(value),
    "text/plain": text(value),
  });
  return Object.defineProperty(value, JUPYTER_DISPLAY, {
    value: display,
    enumerable: false,
    configurable: true,
  });
}

/** Text as HTML shows it, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * HTML of a table: the first 30 rows, and how many more there are.
 *
 * @param title Text above it.
 * @param head Names of the columns.
 * @param rows Cells of each row; numbers are set flush right.
 */
export function htmlTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cell = (value: string | number): string => {
    const side = typeof value === "number" ? "right" : "left";
    return `<td style="text-align:${side}">${escapeHtml(String(value))}</td>`;
  };
  const names = head.map((name) => `<th>${escapeHtml(name)}</th>`).join("");
  const body = rows.slice(0, MOST_ROWS)
    .map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("");
  const more = rows.length - MOST_ROWS;
  return `<table><caption style="text-align:left">${
    escapeHtml(title)
  }</caption><thead><tr>${names}</tr></thead><tbody>${body}</tbody></table>${
    more > 0 ? `<p>and ${more} more</p>` : ""
  }`;
}
