import { element, group, INK, label } from "./panel.ts";
import type { Draw } from "./panel.ts";
import { type Palette, palettePng, pngAddress } from "./palette_png.ts";
import { coloured, COLOURS } from "./palettes.ts";
import { roundTicks, tickText } from "./ticks.ts";

/** Values in rows and columns. */
export interface Grid {
  /** Values `(rows, columns)`; the first row is the lowest of the image. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Edges of an image in the units of the axes. */
export interface Extent {
  readonly x: readonly [left: number, right: number];
  readonly y: readonly [bottom: number, top: number];
}

/** How values become colours. */
export interface Colouring {
  readonly palette: Palette;
  /** Values of the first and the last colour. */
  readonly range: readonly [number, number];
}

const BAR_PX = 10;

/** Draws values as one image: 53 by 3000 of them take 20 ms, not seconds. */
export function heatMap(
  { values, rows, columns }: Grid,
  { x: [left, right], y: [bottom, top] }: Extent,
  { palette, range }: Colouring,
): Draw {
  const upward = coloured(values, range);
  return ({ x, y }) => {
    const width = x(right) - x(left);
    const height = y(bottom) - y(top);
    const across = repeatsFor(width / columns);
    const down = repeatsFor(height / rows);
    const line = columns * across;
    const downward = new Uint8Array(rows * down * line);
    for (let row = 0; row < rows; row++) {
      const start = (rows - 1 - row) * down * line;
      for (let i = 0; i < line; i++) {
        const column = Math.floor(i / across);
        downward[start + i] = upward[row * columns + column] as number;
      }
      for (let copy = 1; copy < down; copy++) {
        downward.copyWithin(start + copy * line, start, start + line);
      }
    }
    return image(pngAddress(palettePng(downward, line, palette)), {
      x: x(left),
      y: y(top),
      width,
      height,
      // Many columns a pixel: their mean, not one of them.
      "image-rendering": columns > 2 * width ? "auto" : "pixelated",
    });
  };
}

/**
 * Pixels of the image for a bin of some pixels of the figure: renderers that do
 * not know `pixelated` (CairoSVG) blur two pixels, not two bins.
 */
function repeatsFor(binPx: number): number {
  return Math.max(1, Math.round(binPx / 2));
}

/** Draws a bar with the colours of an image on the right of the axes. */
export function colourBar(
  { palette, range }: Colouring,
  text: string,
): Draw {
  const [low, high] = range;
  return (_, frame) => {
    const { width, height, marginTop, marginRight, marginBottom } = frame;
    const x = width - marginRight + 10;
    const length = height - marginTop - marginBottom;
    const place = { x, y: marginTop, width: BAR_PX, height: length };
    const all = barPixels();
    const href = pngAddress(palettePng(all, BAR_PX, palette));
    const yOf = (value: number): number =>
      marginTop + length * (high - value) / (high - low);
    const right = x + BAR_PX + 4;
    return group({ "aria-label": "colour bar" }, [
      image(href, { ...place, "image-rendering": "auto" }),
      element("rect", { ...place, fill: "none", stroke: INK }),
      ...roundTicks(low, high, length / 30).map((value) =>
        label(tickText(value), {
          x: right,
          y: yOf(value) + 4,
          "text-anchor": "start",
        })
      ),
      label(text, { x, y: marginTop - 9, "text-anchor": "start" }),
    ]);
  };
}

/** All colours, the last one on top. */
function barPixels(): Uint8Array {
  return Uint8Array.from(
    { length: COLOURS * BAR_PX },
    (_, i) => COLOURS - Math.floor(i / BAR_PX),
  );
}

function image(
  href: string,
  attributes: Readonly<Record<string, string | number>>,
): ReturnType<typeof element> {
  return element("image", { ...attributes, preserveAspectRatio: "none", href });
}
