import { htmlTable } from "../base/jupyter.ts";
import type { CellRow } from "./cell_table.ts";

/** Columns of metadata, of those that a dataset has. */
const KEYS = [
  "area",
  "site",
  "layer",
  "recordingType",
  "snr",
  "ccmax",
] as const;

/** Fields of a dataset that its HTML shows. */
interface DatasetSummary {
  readonly N: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly selectedNeurons: readonly number[];
  readonly selectedStims: readonly number[];
  readonly S: number;
  cells(): CellRow[];
  toString(): string;
}

/** HTML of a dataset: a line, and a table of its visible cells. */
export function datasetHtml(dataset: DatasetSummary): string {
  const rows = dataset.cells();
  const keys = KEYS.filter((key) =>
    rows.some((row) => (row[key] ?? null) !== null)
  );
  const tally = Object.entries(dataset.tally)
    .map(([reason, count]) => `${reason} ${count}`).join(", ");
  const title = `NeuralDataset ${dataset}; ${rows.length} of ${dataset.N} ` +
    `cells and ${dataset.selectedStims.length} of ${dataset.S} stimuli are ` +
    `visible; repeats: ${tally}`;
  return htmlTable(
    title,
    ["cell", "name", "heard", "repeats", ...keys],
    rows.map((row) => [
      row.cell,
      String(row.cellId ?? row.session ?? ""),
      row.heard,
      row.repeats,
      ...keys.map((key) => shown(row[key])),
    ]),
  );
}

function shown(value: unknown): string | number {
  if (typeof value === "number") return Number(value.toFixed(3));
  return value === undefined || value === null ? "" : String(value);
}
