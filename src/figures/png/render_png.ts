import { checkOptions, checkRange } from "../../base/check.ts";
import { type Picture, rasterized } from "../../platform/rasterize.ts";

/** Options for `Figure.toPng`. */
export interface PngOptions {
  /**
   * Pixels of the PNG per pixel of the figure, 0.1 to 20.
   *
   * @default {2}
   */
  readonly scale?: number;
  /**
   * TrueType fonts for letters that are neither Latin nor Greek. A browser takes
   * those of the system.
   */
  readonly fonts?: readonly Uint8Array[];
}

const ACT = "render a figure";

/** Renders a figure as a PNG. */
export async function renderPng(
  picture: Picture,
  options: PngOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptions<PngOptions>(ACT, options, ["scale", "fonts"]);
  const { scale = 2, fonts = [] } = options;
  checkRange(ACT, "scale", scale, 0.1, 20);
  return await rasterized(picture, {
    scale,
    fonts: async () => {
      const { ROBOTO } = await import("./roboto.ts");
      return [Uint8Array.fromBase64(ROBOTO), ...fonts];
    },
  });
}
