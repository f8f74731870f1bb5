/** The element of the page with an id. */
export function byId<Element extends HTMLElement>(id: string): Element {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as Element;
}

/** A new element with children; texts are never markup. */
export function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/** Fills a list of terms. */
export function showTerms(
  list: HTMLElement,
  terms: readonly (readonly [name: string, value: string])[],
): void {
  list.replaceChildren(...terms.flatMap(([name, value]) => [
    made("dt", {}, name),
    made("dd", {}, value),
  ]));
}
