import { JUPYTER_DISPLAY } from "../base/jupyter.ts";
import { printable } from "../base/printable.ts";
import { escaped, pixels, plainText } from "./draw/markup.ts";
import type { PngOptions } from "./png/render_png.ts";

const XMLNS = "http://www.w3.org/2000/svg";
const FONTS = "Roboto, Helvetica, Arial, sans-serif";

/** Content of a {@linkcode Figure}. */
export interface FigureParts {
  /** Elements of SVG. */
  readonly markup: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Description for readers that do not see it; empty for none. */
  readonly title: string;
}

/**
 * A drawn figure. Jupyter shows it where it is the value of a cell.
 *
 * - The SVG is complete in itself: no style sheet, script, font or other file.
 *   The background is white.
 * - Texts that come from metadata are text, never markup.
 *
 * @example Writing both formats
 * ```ts
 * import type { Figure } from "rxephys/figures";
 *
 * async function write(figure: Figure, name: string): Promise<void> {
 *   await Deno.writeTextFile(`${name}.svg`, figure.toSvg());
 *   await Deno.writeFile(`${name}.png`, await figure.toPng());
 * }
 * ```
 */
export class Figure {
  /** The `<svg>` element as text, to put in a page. */
  readonly svg: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Description for readers that do not see it; empty for none. */
  readonly title: string;
  /** Elements inside the `<svg>`, to put in another one. */
  readonly markup: string;

  /** Makes a figure of elements of SVG, which are taken as they are. */
  constructor({ markup, width, height, title }: FigureParts) {
    const [across, down] = [pixels(width), pixels(height)];
    const name = title && ` aria-label="${escaped(title)}"`;
    this.width = width;
    this.height = height;
    this.title = title;
    this.markup = markup;
    printable(this, String);
    this.svg = `<svg xmlns="${XMLNS}" width="${across}" height="${down}" ` +
      `viewBox="0 0 ${across} ${down}" font-family="${FONTS}" role="img"` +
      `${name}>` +
      `<rect width="${across}" height="${down}" fill="#fff"/>` +
      `${markup}</svg>`;
  }

  /** The text of an SVG file. */
  toSvg(): string {
    return `<?xml version="1.0" encoding="UTF-8"?>\n${this.svg}\n`;
  }

  /**
   * Renders the figure as a PNG, with a font that holds Latin and Greek letters.
   *
   * - Deno: resvg, which needs `--allow-read` for its WebAssembly module.
   * - Browser: a canvas with the fonts of the system.
   *
   * @throws {RangeError} If an option is outside its range or does not exist.
   */
  async toPng(options: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const { renderPng } = await import("./png/render_png.ts");
    return await renderPng(this, options);
  }

  /** Size and title, such as `Figure 720 x 240: 20020508-mw-003`. */
  toString(): string {
    const title = this.title && `: ${plainText(this.title)}`;
    return `Figure ${this.width} x ${this.height}${title}`;
  }

  /** Formats that Jupyter shows. */
  [JUPYTER_DISPLAY](): Readonly<Record<string, string>> {
    return { "image/svg+xml": this.svg, "text/plain": String(this) };
  }
}
