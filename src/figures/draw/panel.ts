import * as Plot from "@observablehq/plot";
import { DOCUMENT, type SvgElement } from "../../platform/document.ts";
import { pixels } from "./markup.ts";

/** Part of a figure with axes of its own. */
export interface Panel {
  /** Elements of SVG. */
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

/** Place of a panel's axes, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly marginTop: number;
  readonly marginRight: number;
  readonly marginBottom: number;
  readonly marginLeft: number;
}

/** Maps from data to pixels. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Draws elements in the coordinates of the axes. */
export type Draw = (scales: Scales, frame: Frame) => SvgElement;

/** Colour of texts and axes. */
export const INK = "#222";
/** Colour of what matters less. */
export const PALE_INK = "#777";
/** Red of predictions and baselines, dark enough to print in grey. */
export const ACCENT = "#c22525";

const SVG = "http://www.w3.org/2000/svg";
const FONT_PX = 11;

/** Margins around axes, with room for labels on the left and below. */
export const MARGINS: Omit<Frame, "width" | "height"> = {
  marginTop: 24,
  marginRight: 16,
  marginBottom: 36,
  marginLeft: 56,
};

/** Draws axes with Observable Plot, and marks inside them. */
export function panel(
  frame: Frame,
  { x, y }: { readonly x: Plot.ScaleOptions; readonly y: Plot.ScaleOptions },
  draws: readonly Draw[],
): Panel {
  const axis = { labelArrow: "none", fontVariant: "normal" } as const;
  const svg = Plot.plot({
    ...frame,
    document: DOCUMENT as unknown as Document,
    x: { ...axis, ...x },
    y: { ...axis, ...y, label: null },
    marks: [...draws, axisLabel(y.label)].map(
      (draw) => (_: unknown, { x, y }: Plot.ScaleFunctions) =>
        draw({ x, y } as Scales, frame) as unknown as SVGElement,
    ),
  }) as unknown as SvgElement;
  // A renderer of SVG need not know style sheets or colours by inheritance.
  for (const style of [...svg.querySelectorAll("style")]) style.remove();
  for (const name of ["fill", "stroke"]) {
    for (const element of svg.querySelectorAll(`[${name}="currentColor"]`)) {
      element.setAttribute(name, INK);
    }
  }
  const markup = `<g fill="${INK}" font-size="${FONT_PX}" ` +
    `text-anchor="middle">${svg.innerHTML}</g>`;
  const { width, height } = frame;
  return { markup, width, height };
}

/** Text above the axis on the left, in line with a legend. */
function axisLabel(text: string | null | undefined): Draw {
  return (_, { marginTop }) =>
    label(text ?? "", { x: 3, y: marginTop - 9, "text-anchor": "start" });
}

/** Element of SVG; numbers become pixels. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
): SvgElement {
  const made = DOCUMENT.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    made.setAttribute(key, typeof value === "number" ? pixels(value) : value);
  }
  return made;
}

/** Group of elements. */
export function group(
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly SvgElement[],
): SvgElement {
  const made = element("g", attributes);
  made.append(...children);
  return made;
}

/** Line of text. */
export function label(
  text: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
): SvgElement {
  const made = element("text", attributes);
  made.textContent = text;
  return made;
}
