import { escapeHtml } from "../base/jupyter.ts";

/** Markup, which goes into a page as it is; any other text is escaped. */
export class Html {
  /** The markup. */
  readonly text: string;

  /** @param text Markup that holds no text of others, or escaped text. */
  constructor(text: string) {
    this.text = text;
  }
}

/** Value in a template of {@linkcode markup}. */
export type HtmlPart =
  | Html
  | string
  | number
  | null
  | undefined
  | readonly HtmlPart[];

/**
 * Markup with values in it: text is escaped, markup and lists of it stay as they
 * are, null and undefined are nothing.
 */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly HtmlPart[]
): Html {
  const texts = parts.map((part, i) =>
    i === 0 ? part : partText(values[i - 1]) + part
  );
  return new Html(texts.join(""));
}

function partText(part: HtmlPart): string {
  if (part === null || part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(partText).join("");
  return escapeHtml(String(part));
}
