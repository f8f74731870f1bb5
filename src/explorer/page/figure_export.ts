// Entry of a bundle that the page loads for its first figure.
import { plotStimulusResponse } from "../../figures/plot_stimulus_response.ts";
import type { Figure } from "../../figures/figure.ts";
import type { ShownView } from "./exports.ts";

/** The figure of a view: stimulus, repeats and their mean. */
export function figureOf({ view, cell, stim }: ShownView): Figure {
  const { stimulus, repeats, dtMs, kind, unit } = view;
  return plotStimulusResponse(
    { dtMs, ...stimulus },
    {
      ...{ repeats, kind, dtMs, scale: 1, rateHz: 1000 / dtMs },
      ...unit !== "" && { unit },
    },
    { cell, stim },
  );
}

/** Exports of this bundle. */
export interface FigureModule {
  readonly figureOf: typeof figureOf;
}
