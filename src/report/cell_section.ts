import { countText } from "../base/count_text.ts";
import type { NeuralDataset } from "../dataset/mod.ts";
import { type Figure, plotStimulusResponse, plotStrf } from "../figures/mod.ts";
import type { CellMeta, StimMeta } from "../session.ts";
import { cutTime, type Tensor, timeBins } from "../tensor.ts";
import { Html, markup } from "./html.ts";
import type { CellFit } from "./session_data.ts";

/** One cell of a session. */
export interface CellView {
  readonly dataset: NeuralDataset;
  /** Index in the dataset. */
  readonly index: number;
  /** Heading; null for none. */
  readonly name: string | null;
  /** Name of its part of the page. */
  readonly id: string;
  readonly fit: CellFit | undefined;
}

/** Longest stretch of a stimulus that is drawn, in bins and seconds. */
const MOST_BINS = 400;
const MOST_SECONDS = 3;
/** Most repeats that are drawn. */
const MOST_REPEATS = 8;

/** Metadata that the page shows elsewhere. */
const SHOWN_ELSEWHERE = ["session", "snr", "ccmax", "signalType", "cellId"];

/** The part of a page about a cell: its facts, a response, its field. */
export function cellSection(view: CellView): Html {
  const { dataset, index, name, id, fit } = view;
  const meta = dataset.nrnMeta[index] ?? {};
  return markup`
<section class="cell" id="${id}">
${name === null ? null : markup`<h3>${name}</h3>`}
${factList(meta)}
<div class="figures">
${responseFigure(view)}
${fit && fieldFigure(fit, meta)}
</div>
</section>
`;
}

function factList(meta: CellMeta): Html {
  const facts = Object.entries(meta).filter(([key, value]) =>
    value !== null && value !== undefined && !SHOWN_ELSEWHERE.includes(key)
  );
  const items = facts.map(([key, value]) =>
    markup`<div><dt>${key}</dt><dd>${String(value)}</dd></div>`
  );
  return markup`<dl class="facts">${items}</dl>`;
}

/** The stimulus of most repeats, one that a fit has not seen if there is a fit. */
function bestStimulus({ dataset, index, fit }: CellView): number {
  const heard = fit?.split.test ??
    dataset.nrnMasks.flatMap((row, s) => row[index] ? [s] : []);
  const repeats = (s: number): number =>
    dataset.responses[s]?.[index]?.shape[0] ?? 0;
  return heard.reduce(
    (best, s) => repeats(s) > repeats(best) ? s : best,
    heard[0] ?? -1,
  );
}

function responseFigure(view: CellView): Html {
  const { dataset, index, fit } = view;
  const s = bestStimulus(view);
  const [stim, response] = [dataset.stims[s], dataset.responses[s]?.[index]];
  if (stim === undefined || response === undefined) return markup``;
  const meta = dataset.stimMeta[s] ?? {};
  const bins = Math.min(
    timeBins(stim),
    MOST_BINS,
    Math.floor(1000 * MOST_SECONDS / dataset.dt),
  );
  const figure = plotStimulusResponse(
    cutTime(stim, bins),
    firstRepeats(cutTime(response, bins)),
    {
      title: "",
      cell: dataset.nrnMeta[index] ?? {},
      width: 700,
      ...(fit && { prediction: cutTime(fit.fit.predict(stim), bins) }),
    },
  );
  return figureHtml(figure, captionOf(meta, response, bins, stim, fit));
}

function firstRepeats({ data, shape, ...rest }: Tensor): Tensor {
  const [repeats = 0, bins = 0] = shape;
  const shown = Math.min(repeats, MOST_REPEATS);
  return {
    ...rest,
    data: data.subarray(0, shown * bins),
    shape: [shown, bins],
  };
}

function captionOf(
  { description, name, category }: StimMeta,
  { shape: [repeats = 0] }: Tensor,
  bins: number,
  stim: Tensor,
  fit: CellFit | undefined,
): string {
  const parts = [description ?? name ?? "", category ?? ""]
    .filter((text) => text !== "");
  const count = countText(repeats, "repeat");
  parts.push(
    repeats > MOST_REPEATS
      ? `${count}, the first ${MOST_REPEATS} shown`
      : count,
  );
  if (bins < timeBins(stim)) {
    const second = (n: number): string =>
      (n * (stim.dtMs ?? NaN) / 1000).toFixed(1);
    parts.push(`first ${second(bins)} s of ${second(timeBins(stim))} s`);
  }
  if (fit) parts.push("this sound was left out of the fit");
  return parts.join("; ");
}

function fieldFigure({ fit, score, split }: CellFit, cell: CellMeta): Html {
  const [field] = fit.cells;
  if (field === undefined) return markup``;
  const figure = plotStrf({ ...field, cell }, { title: "", width: 360 });
  const { train, val, test } = split;
  const shown = (value: number): string =>
    Number.isFinite(value) ? value.toFixed(3) : "not defined";
  return figureHtml(
    figure,
    `Linear receptive field: normalized correlation ${shown(score.ccNorm)}, ` +
      `correlation ${shown(score.cc)} on ${test.length} of ` +
      `${train.length + val.length + test.length} sounds`,
  );
}

/** A figure with its caption. */
export function figureHtml({ svg }: Figure, caption: string): Html {
  // The figure has escaped the texts in it.
  const words = markup`<figcaption>${caption}</figcaption>`;
  return markup`<figure>${new Html(svg)}${words}</figure>
`;
}
