import { escapeHtml } from "../../base/jupyter.ts";

// XML 1.0, section 2.2: characters that no document holds, escaped or not.
// deno-lint-ignore no-control-regex
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g;

/**
 * Text as one line that XML can hold: control characters and halves of
 * surrogate pairs become U+FFFD, white space becomes single blanks.
 */
export function plainText(text: string): string {
  return text.replace(/\s+/g, " ").trim().toWellFormed()
    .replace(FORBIDDEN, "\ufffd");
}

/** Text as markup that shows it, in an element or a quoted attribute. */
export function escaped(text: string): string {
  return escapeHtml(plainText(text));
}

/** Number for an attribute, to a hundredth of a pixel. */
export function pixels(value: number): string {
  return String(Math.round(100 * value) / 100);
}

/** Text shortened to at most `most` characters. */
export function shortened(text: string, most: number): string {
  const letters = [...plainText(text)];
  return letters.length <= most
    ? letters.join("")
    : `${letters.slice(0, most - 1).join("").trimEnd()}\u2026`;
}
