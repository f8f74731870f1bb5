import { type Draw, element, group, label } from "./panel.ts";

/** Line of a legend. */
export interface LegendEntry {
  readonly text: string;
  readonly colour: string;
  /** Whether the colour fills a box, not a line. */
  readonly isBox?: boolean;
  readonly dash?: string;
}

const LETTER_PX = 6;
const SWATCH_PX = 18;
const GAP_PX = 14;

/** Draws a legend in one line above the axes, on the right. */
export function legend(entries: readonly LegendEntry[]): Draw {
  return (_, { width, marginRight, marginTop }) => {
    let x = width - marginRight;
    const y = marginTop - 9;
    const drawn = entries.toReversed().flatMap((entry) => {
      const { text, colour, isBox, dash } = entry;
      const end = x;
      const start = end - LETTER_PX * text.length - SWATCH_PX - 4;
      x = start - GAP_PX;
      const swatch = isBox
        ? element("rect", {
          x: start,
          y: y - 9,
          width: SWATCH_PX,
          height: 10,
          fill: colour,
        })
        : element("path", {
          d: `M${start},${y - 4}h${SWATCH_PX}`,
          stroke: colour,
          "stroke-width": 2,
          "stroke-dasharray": dash,
        });
      const at = start + SWATCH_PX + 4;
      return [swatch, label(text, { x: at, y, "text-anchor": "start" })];
    });
    return group({ "aria-label": "legend" }, drawn);
  };
}
