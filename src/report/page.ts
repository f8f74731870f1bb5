import { Html, type HtmlPart, markup } from "./html.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** Start and end of a page, between which its content is written. */
export interface PageFrame {
  readonly start: string;
  readonly end: string;
}

/**
 * A page that needs nothing beside itself. Its policy allows its one style, its
 * one script, by their hashes, and images within it: nothing is fetched, no markup
 * that came with the data can run, and no form is sent.
 */
export async function pageFrame(title: string): Promise<PageFrame> {
  const [styleHash, scriptHash] = await Promise.all(
    [PAGE_STYLE, PAGE_SCRIPT].map(hashOf),
  );
  const policy = [
    "default-src 'none'",
    "img-src data:",
    `style-src '${styleHash}'`,
    `script-src '${scriptHash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const head = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
`;
  const tail = markup`<script>${new Html(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return { start: head.text, end: tail.text };
}

async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}

/** Column of a table. */
export interface Column {
  readonly title: string;
  /** Explanation that shows over the heading. */
  readonly about?: string;
  /** Whether its values are numbers, set flush right. */
  readonly isNumber?: boolean;
  /** Whether its texts may take several lines. */
  readonly isLong?: boolean;
}

/** Field of a table: what it shows, and what it is sorted by. */
export interface Field {
  readonly shown: HtmlPart;
  /** Undefined or null if it is not known. */
  readonly key?: string | number | null | undefined;
}

/** A table; if it is sortable, by a click on the heading of a column. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Field[])[],
  { isSortable = false }: { readonly isSortable?: boolean } = {},
): Html {
  const classOf = ({ isNumber, isLong }: Column): string =>
    isNumber ? "number" : isLong ? "long" : "";
  const heading = (column: Column): Html => {
    const { title, about } = column;
    const shown = isSortable
      ? markup`<button type="button">${title}</button>`
      : title;
    return markup`<th scope="col" class="${classOf(column)}" title="${
      about ?? ""
    }">${shown}</th>`;
  };
  const row = (fields: readonly Field[]): Html =>
    markup`
      <tr>${
      fields.map(({ shown, key }, i) =>
        markup`<td class="${classOf(columns[i] ?? { title: "" })}" data-key="${
          key ?? ""
        }">${shown}</td>`
      )
    }</tr>
    `;
  return markup`
    <div class="scroll">
      <table class="${isSortable ? "sortable" : ""}">
        <thead>
          <tr>${columns.map(heading)}</tr>
        </thead>
        <tbody>
    ${rows.map(row)}</tbody>
      </table>
    </div>
  `;
}

/** A number as text; a dash if it is none. */
export function numberField(
  value: number | null | undefined,
  digits = 0,
): Field {
  const isKnown = typeof value === "number" && Number.isFinite(value);
  return isKnown
    ? { shown: value.toFixed(digits), key: value }
    : { shown: "-" };
}

/** A text; a dash if there is none. */
export function textField(value: unknown): Field {
  if (value === undefined || value === null) return { shown: "-" };
  return { shown: String(value), key: String(value) };
}
