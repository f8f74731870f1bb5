import { made } from "./dom.ts";

/** A row of a list. */
export interface Row {
  /** Index in the whole list, which a search shortens. */
  readonly index: number;
  readonly text: string;
  /** Less important text behind it. */
  readonly more?: string;
}

/**
 * Shows rows as buttons. Arrow keys go from one to the next; only the current one
 * is on the way of the Tab key.
 */
export function showList(
  list: HTMLElement,
  rows: readonly Row[],
  current: number,
  onChoose: (index: number) => void,
): void {
  const hasCurrent = rows.some(({ index }) => index === current);
  const items = rows.map(({ index, text, more }, i) => {
    const isCurrent = index === current;
    const button = made("button", {
      type: "button",
      title: text,
      tabIndex: isCurrent || (!hasCurrent && i === 0) ? 0 : -1,
    }, text);
    if (isCurrent) button.setAttribute("aria-current", "true");
    if (more) button.append(made("small", {}, more));
    button.addEventListener("click", () => onChoose(index));
    return made("li", {}, button);
  });
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(...items);
  const chosen = list.querySelector<HTMLElement>("[aria-current]");
  chosen?.scrollIntoView({ block: "nearest" });
  if (hadFocus) chosen?.focus();
}

/** Lets arrow keys choose the row before or after, Home and End the ends. */
export function steerList(list: HTMLElement): void {
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const next = buttons[to[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
    next.click();
  });
}
