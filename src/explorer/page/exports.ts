import { DATA_SETS, type DataSetName } from "../../recipe/data_set.ts";
import { recipeProgram } from "../../recipe/program.ts";
import type { CellMeta, StimMeta } from "../../session.ts";
import type { View } from "../protocol.ts";
import { changedSettings } from "../settings.ts";

/** A view, and what it shows. */
export interface ShownView {
  readonly view: View;
  readonly dataSet: DataSetName;
  /** Name or address of the data, as a program would give it. */
  readonly data: string;
  readonly session: string;
  readonly cell: CellMeta;
  readonly stim: StimMeta;
}

/**
 * The repeats and their mean as CSV, a row a bin. Numbers are written so that they
 * read back bit for bit.
 */
export function csvOf({ repeats, psth, dtMs }: View): string {
  const names = repeats.map((_, i) => `repeat_${i + 1}`);
  const rows = Array.from(psth, (mean, t) => {
    const values = repeats.map((repeat) => repeat[t]);
    return [(t * dtMs) / 1000, mean, ...values].join(",");
  });
  return [["time_s", "mean", ...names].join(","), ...rows, ""].join("\n");
}

/** The TypeScript that reads the session by this chain. */
export function programOf({ view, dataSet, data, session }: ShownView): string {
  const settings = dataSet === "wingert2026"
    ? { normalize: "none" as const }
    : changedSettings(view.request.settings);
  const options = { ...settings, sessions: [session] };
  const program = recipeProgram({ dataSet, data, options });
  return `// ${DATA_SETS[dataSet].title}, made by the explorer of rxephys\n` +
    `${program}\n`;
}

/** A name for a file of the view, without its ending. */
export function fileName({ session, view: { request } }: ShownView): string {
  const plain = session.replaceAll(/[^\w.-]+/g, "_").slice(0, 80);
  return `${plain}-cell${request.cell + 1}-stimulus${request.stimulus + 1}`;
}

/** Saves a file where the browser keeps downloads. */
export function save(
  name: string,
  content: string | Uint8Array<ArrayBuffer>,
  type: string,
): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
