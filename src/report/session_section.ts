import type { NeuralDataset } from "../dataset/mod.ts";
import { countText } from "../base/count_text.ts";
import { droppedOf } from "../stream/tally.ts";
import { timeBins } from "../tensor.ts";
import { cellSection } from "./cell_section.ts";
import { type Html, markup } from "./html.ts";
import type { CellRow } from "./overview.ts";
import { numberField, table, textField } from "./page.ts";
import type { SessionCount } from "./session_count.ts";
import type { SessionData } from "./session_data.ts";

/** The part of a page about a session, and rows of the table of cells. */
export interface SessionSection {
  readonly section: Html;
  readonly rows: readonly CellRow[];
}

/** Place of a session in the report, and how much of it is drawn. */
export interface SectionOptions {
  /** Number of the session, from 1, for the names of parts of the page. */
  readonly number: number;
  /** Most cells with figures. */
  readonly figures: number;
}

/** Makes the part of a page about a session. */
export function sessionSection(
  { count, dataset, fits }: SessionData,
  { number, figures }: SectionOptions,
): SessionSection {
  const drawn = dataset ? bestCells(dataset, figures) : [];
  const idOf = (cell: number): string => `cell-${number}-${cell + 1}`;
  const rows = cellRows(
    { count, dataset, fits },
    (cell) => drawn.includes(cell) ? idOf(cell) : `session-${number}`,
  );
  const cells = dataset === null ? [] : drawn.map((index) =>
    cellSection({
      dataset,
      index,
      // The heading of the session has the name of its only cell already.
      name: rows[index]?.name === count.id ? null : rows[index]?.name ?? null,
      id: idOf(index),
      fit: fits.get(index),
    })
  );
  const more = cells.length === 0 ? 0 : rows.length - cells.length;
  const section = markup`
<section class="session" id="session-${number}">
<h2>${count.id}</h2>
<p class="soft">${countsText(count, dataset)}</p>
${count.stimuli.length > 0 ? soundList(count) : null}
${cells}
${
    more > 0
      ? markup`<p>${countText(more, "more cell")} without figures</p>`
      : null
  }
</section>
`;
  return { section, rows };
}

/**
 * Rows of the cells of a session.
 *
 * @param idOf Name of the part of the page about a cell.
 */
function cellRows(
  { count, dataset, fits }: SessionData,
  idOf: (cell: number) => string,
): CellRow[] {
  return (dataset?.nrnMeta ?? count.cells).map((meta, cell) => {
    const heard = dataset?.responses.flatMap((row, s) =>
      dataset.nrnMasks[s]?.[cell] ? row[cell] ?? [] : []
    ) ?? [];
    const fit = fits.get(cell);
    const peak = fit?.fit.cells[0]?.peak;
    return {
      name: nameOf(meta.cellId, count, cell),
      id: idOf(cell),
      session: count.id,
      meta,
      stimuli: heard.length,
      repeats: heard.reduce((sum, { shape }) =>
        sum + (shape[0] ?? 0), 0),
      ccNorm: fit?.score.ccNorm ?? null,
      peakHz: peak?.hz ?? null,
      peakMs: peak?.ms ?? null,
    };
  });
}

/** Cells that heard something, those of highest SNR, in their order. */
function bestCells(dataset: NeuralDataset, figures: number): number[] {
  const snr = (cell: number): number => dataset.nrnMeta[cell]?.snr ?? -Infinity;
  return dataset.nrnMeta.map((_, cell) => cell)
    .filter((cell) =>
      dataset.F > 0 &&
      dataset.nrnMasks.some((row, s) =>
        row[cell] && timeBins(dataset.stims[s] ?? NO_STIMULUS) > 0
      )
    )
    .sort((a, b) => snr(b) - snr(a) || a - b).slice(0, figures)
    .sort((a, b) => a - b);
}

const NO_STIMULUS = { data: new Float32Array(0), shape: [0] };

function nameOf(
  cellId: string | undefined,
  { id, cells }: SessionCount,
  cell: number,
): string {
  return cellId ?? (cells.length === 1 ? id : `${id}, cell ${cell + 1}`);
}

function soundList({ stimuli }: SessionCount): Html {
  return markup`<details><summary>Sounds</summary>
${
    table(
      [
        { title: "Sound", isLong: true },
        { title: "Category" },
        { title: "Seconds", isNumber: true },
        { title: "Cells", isNumber: true },
        { title: "Repeats", isNumber: true },
        { title: "Dropped", isNumber: true },
      ],
      stimuli.map(({ key, name, category, seconds, cells, repeats, tally }) => [
        textField(name ?? key),
        textField(category),
        numberField(seconds, 2),
        numberField(cells),
        numberField(repeats),
        numberField(droppedOf(tally)),
      ]),
      { isSortable: true },
    )
  }</details>`;
}

function countsText(
  { stimuli, repeats }: SessionCount,
  dataset: NeuralDataset | null,
): string {
  if (dataset === null) return "Nothing responded in this session.";
  return `${countText(dataset.N, "cell")}, ${
    countText(stimuli.length, "sound")
  }, ` +
    `${countText(repeats, "repeat")}, in bins of ${dataset.dt} ms`;
}
