import { bandAxis } from "../draw/bands.ts";
import { colourBar, type Colouring, heatMap } from "../draw/heat_map.ts";
import { levelPalette, type Scheme, SCHEMES } from "../draw/palettes.ts";
import { type Frame, type Panel, panel } from "../draw/panel.ts";
import type { SpectrogramView } from "./spectrogram_view.ts";
import type { TimeAxis } from "./response_panels.ts";
import { rangeOf } from "../draw/ticks.ts";

/** Room for a colour bar on the right. */
export const BAR_MARGIN = 64;
/** Levels below the loudest that are drawn by default; a room is not quieter. */
const DEPTH_DB = 80;

/** How a spectrogram is drawn. */
export interface SpectrogramLook {
  /** Lowest and highest frequency to draw, in kHz; default: all. */
  readonly khz?: readonly [from: number, to: number];
  /**
   * Colours, from low to high levels.
   *
   * @default {"magma"}
   */
  readonly scheme?: Scheme;
  /**
   * Levels of the first and the last colour, in the unit of the stimulus; the
   * default is the range of the part that is drawn, of dB the upper 80.
   */
  readonly levels?: readonly [low: number, high: number];
}

/** Names of the options of {@linkcode SpectrogramLook}. */
export const LOOK_OPTIONS = ["khz", "scheme", "levels"] as const;

/**
 * Refuses an unknown palette, and levels that are no range.
 *
 * @throws {RangeError} If one of them is wrong.
 */
export function checkLevels(
  act: string,
  { scheme = "magma", levels }: SpectrogramLook,
): void {
  if (!SCHEMES.includes(scheme)) {
    throw new RangeError(
      `Cannot ${act}: scheme is ${scheme}, expected ${SCHEMES.join(", ")}`,
    );
  }
  if (levels === undefined) return;
  const [low, high] = levels;
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new RangeError(
    `Cannot ${act}: levels is ${levels.join(" to ")}, ` +
      "expected two numbers, the lower one first",
  );
}

/** Draws a spectrogram with its axes and colour bar. */
export function spectrogramPanel(
  view: SpectrogramView,
  frame: Frame,
  { scheme = "magma", levels }: SpectrogramLook,
  x: TimeAxis = { domain: [...view.timeS], label: "time (s)" },
): Panel {
  const { grid, bandsHz, timeS, unit } = view;
  const range = levels ?? levelsOf(view);
  const colouring: Colouring = { palette: levelPalette(scheme), range };
  const extent = { x: timeS, y: [0, grid.rows] } as const;
  const px = frame.height - frame.marginTop - frame.marginBottom;
  return panel(frame, {
    x,
    y: bandAxis(bandsHz, grid.rows, px),
  }, [
    heatMap(grid, extent, colouring),
    colourBar(colouring, unit ?? "level"),
  ]);
}

function levelsOf({ grid, unit }: SpectrogramView): [number, number] {
  const [low, high] = rangeOf([grid.values.filter(Number.isFinite)]);
  // One level has the first colour.
  if (low === high) return [low, low + 1];
  return [unit === "dB" ? Math.max(low, high - DEPTH_DB) : low, high];
}
