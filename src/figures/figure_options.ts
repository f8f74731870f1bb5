import { checkOptions, checkRange } from "../base/check.ts";
import type { CellMeta, StimMeta } from "../session.ts";
import { type Frame, MARGINS } from "./draw/panel.ts";

/** Options that all figures have. */
export interface FigureOptions {
  /** Title; the default is made of the metadata. */
  readonly title?: string;
  /**
   * Width in pixels, 160 to 10000.
   *
   * @default {720}
   */
  readonly width?: number;
  /**
   * Height in pixels without the title, 100 for each panel to 10000; the default
   * fits.
   */
  readonly height?: number;
}

/** Options of figures over time. */
export interface TimeOptions extends FigureOptions {
  /** First and last second to draw; default: all. */
  readonly timeS?: readonly [from: number, to: number];
  /** Metadata of the cell, for the title. */
  readonly cell?: CellMeta;
  /** Metadata of the stimulus, for the title. */
  readonly stim?: StimMeta;
}

/** Names of {@linkcode FigureOptions}. */
export const FIGURE_OPTIONS = ["title", "width", "height"] as const;
/** Names of {@linkcode TimeOptions}. */
export const TIME_OPTIONS = [
  ...FIGURE_OPTIONS,
  ...["timeS", "cell", "stim"] as const,
] as const;

/** Size of a figure where its options hold none. */
export interface FrameDefaults {
  readonly height: number;
  readonly width?: number;
  /** Panels above one another, which share the height. */
  readonly panels?: number;
}

/**
 * Checks the options of a figure, and returns the place of its axes.
 *
 * @throws {RangeError} If an option is outside its range or does not exist.
 * @throws {TypeError} If the width or height is no number.
 */
export function frameOf<Options extends FigureOptions>(
  act: string,
  options: Options,
  known: readonly (keyof Options & string)[],
  usual: FrameDefaults,
): Frame {
  checkOptions<Options>(act, options, known);
  const { width = usual.width ?? 720, height = usual.height } = options;
  checkRange(act, "width", width, 160, 10_000);
  checkRange(act, "height", height, 100 * (usual.panels ?? 1), 10_000);
  return { ...MARGINS, width, height };
}
