/** Element of a {@linkcode SvgDocument}, as far as figures use it. */
export interface SvgElement {
  /** Markup of what is inside. */
  readonly innerHTML: string;
  /** Text inside, which is no markup. */
  textContent: string | null;
  append(...children: SvgElement[]): void;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelectorAll(selector: string): Iterable<SvgElement>;
  remove(): void;
}

/** Document that makes elements of SVG. */
export interface SvgDocument {
  createElementNS(
    namespace: string,
    name: string,
    options?: object,
  ): SvgElement;
}

const PAGE = (globalThis as { document?: SvgDocument }).document;

/** The page's document in a browser, linkedom's everywhere else. */
export const DOCUMENT: SvgDocument = PAGE ?? await withoutPage();

async function withoutPage(): Promise<SvgDocument> {
  const { DOMParser } = await import("linkedom");
  return new DOMParser().parseFromString("<html></html>", "text/html");
}
