import { DOMParser } from "linkedom";
import type { Figure } from "rxephys/figures";
import { inflateSync } from "node:zlib";
import { itemAt } from "../support/item_at.ts";

/** An image of a figure: its place, and its pixels from the top left on. */
export interface DrawnImage {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** Number of the colour of each pixel; 0 is transparent. */
  readonly numbers: Uint8Array;
  /** Colour of a pixel as hexadecimal digits. */
  readonly colour: (row: number, column: number) => string;
}

/** Element of a figure. */
export interface DrawnElement {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<DrawnElement>;
}

/** Elements of a figure that a selector names. */
export function elementsOf(
  { svg }: Figure,
  selector: string,
): readonly DrawnElement[] {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  return [...document.querySelectorAll(selector)];
}

/** Texts of a figure, in order. */
export function textsOf(figure: Figure): readonly string[] {
  return elementsOf(figure, "text").map(({ textContent }) => textContent)
    .filter((text) => text !== "");
}

/** A number in an attribute. */
export function numberOf(element: DrawnElement, name: string): number {
  return Number(element.getAttribute(name) ?? NaN);
}

/** Ticks of an axis: the text of each and its place in pixels. */
export function ticksOf(
  figure: Figure,
  axis: "x" | "y",
  panel: number = 0,
): readonly (readonly [text: string, px: number])[] {
  const labels = elementsOf(figure, `[aria-label="${axis}-axis tick label"]`);
  return [...itemAt(labels, panel).querySelectorAll("text")].map((text) => {
    const place = text.getAttribute("transform") ?? "";
    const [, x, y] = /translate\((.*),(.*)\)/.exec(place) ?? [];
    return [text.textContent, Number(axis === "x" ? x : y)];
  });
}

/** Points of a path, without the letters between them. */
export function pointsOf(path: string): readonly (readonly [number, number])[] {
  return [...path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)]
    .map(([, x, y]) => [Number(x), Number(y)]);
}

/** Images of a figure, in order. */
export function imagesOf(figure: Figure): readonly DrawnImage[] {
  return elementsOf(figure, "image").map((image) => {
    const href = image.getAttribute("href") ?? "";
    const png = Uint8Array.fromBase64(
      href.slice("data:image/png;base64,".length),
    );
    return {
      x: numberOf(image, "x"),
      y: numberOf(image, "y"),
      width: numberOf(image, "width"),
      height: numberOf(image, "height"),
      ...decoded(png),
    };
  });
}

/** Numbers of the colours of an image of bins, one pixel in the middle of each. */
export function binsOf(
  { columns: across, rows: down, numbers }: DrawnImage,
  rows: number,
  columns: number,
): number[][] {
  const middle = (i: number, count: number, px: number): number =>
    Math.floor((i + 0.5) * px / count);
  return Array.from(
    { length: rows },
    (_, row) =>
      Array.from({ length: columns }, (_, column) =>
        itemAt(
          numbers,
          middle(row, rows, down) * across + middle(column, columns, across),
        )),
  );
}

/** Chunks of a PNG by their type (W3C PNG, 5.3). */
export function chunksOf(png: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    const data = png.subarray(at + 8, at + 8 + length);
    // Data may be in several chunks.
    chunks.set(type, Uint8Array.from([...chunks.get(type) ?? [], ...data]));
    at += 12 + length;
  }
  return chunks;
}

function decoded(
  png: Uint8Array,
): Pick<DrawnImage, "columns" | "rows" | "numbers" | "colour"> {
  const chunks = Object.fromEntries(chunksOf(png));
  const header = itemAt(chunks, "IHDR");
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const [columns, rows] = [view.getUint32(0), view.getUint32(4)];
  const lines = inflateSync(itemAt(chunks, "IDAT"));
  const numbers = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * (columns + 1) + 1;
    numbers.set(lines.subarray(start, start + columns), row * columns);
  }
  const palette = itemAt(chunks, "PLTE");
  return {
    columns,
    rows,
    numbers,
    colour: (row, column) => {
      const number = itemAt(numbers, row * columns + column);
      return palette.slice(3 * number, 3 * number + 3).toHex();
    },
  };
}

/** A PNG of true colours: red, green and blue of a pixel. */
export interface TrueColours {
  readonly width: number;
  readonly height: number;
  readonly at: (x: number, y: number) => readonly number[];
}

/** Decodes a PNG of eight bits a channel (W3C PNG, 9.2: filters). */
export function trueColours(png: Uint8Array): TrueColours {
  const chunks = Object.fromEntries(chunksOf(png));
  const header = itemAt(chunks, "IHDR");
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const channels = view.getUint8(9) === 6 ? 4 : 3;
  const stride = width * channels;
  const lines = inflateSync(itemAt(chunks, "IDAT"));
  const out = new Uint8Array(height * stride);
  for (let row = 0; row < height; row++) {
    const filter = lines[row * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const back = (by: number, up: number): number =>
        i < by || row < up ? 0 : out[(row - up) * stride + i - by] ?? 0;
      const [left, above] = [back(channels, 0), back(0, 1)];
      const guess = [
        0,
        left,
        above,
        (left + above) >> 1,
        paeth(left, above, back(channels, 1)),
      ][filter ?? 0] ?? NaN;
      out[row * stride + i] = (lines[row * (stride + 1) + 1 + i] ?? 0) + guess;
    }
  }
  const at = (x: number, y: number): readonly number[] => {
    const start = (Math.floor(y) * width + Math.floor(x)) * channels;
    return [...out.subarray(start, start + 3)];
  };
  return { width, height, at };
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const near = (value: number): number => Math.abs(estimate - value);
  if (near(left) <= near(above) && near(left) <= near(corner)) return left;
  return near(above) <= near(corner) ? above : corner;
}
