import type { CellMeta } from "../../session.ts";
import type { StimulusEntry } from "../protocol.ts";
import { byId } from "./dom.ts";
import type { Choice, Explorer } from "./explorer.ts";
import { type Row, showList } from "./list.ts";

/** Calls of the lists. */
export interface ListCalls {
  session(index: number): void;
  part(part: Partial<Choice>): void;
}

/** Name of a cell. */
export function cellText({ cellId }: CellMeta, index: number): string {
  return cellId ?? `cell ${index + 1}`;
}

/** Name of a stimulus. */
export function stimulusText({ key, meta }: StimulusEntry): string {
  return meta.description ?? meta.name ?? meta.sequence ?? key;
}

/** Shows the lists, as far as a search finds their rows. */
export function showLists(
  { opened, stimuli, choice }: Explorer,
  search: string,
  calls: ListCalls,
): void {
  const sessions = opened?.sessions ?? [];
  const cells = sessions[choice.session]?.cells ?? [];
  const lists = [
    {
      id: "session",
      list: "sessions",
      rows: sessions.map(({ id, cells }, index): FoundRow => ({
        index,
        text: id,
        more: moreOf(cells),
        found: `${id} ${cells.map((cell) => JSON.stringify(cell)).join(" ")}`,
      })),
      current: choice.session,
      choose: calls.session,
    },
    {
      id: "cell",
      list: "cells",
      rows: cells.map((cell, index): FoundRow => ({
        index,
        text: cellText(cell, index),
        more: String(cell.area ?? cell.site ?? ""),
        found: JSON.stringify(cell),
      })),
      current: choice.cell,
      choose: (cell: number) => calls.part({ cell }),
    },
    {
      id: "stimulus",
      list: "stimuli",
      rows: stimuli.map((entry, index): FoundRow => ({
        index,
        text: stimulusText(entry),
        more: `${(entry.durationMs / 1000).toFixed(1)} s`,
        found: `${entry.key} ${JSON.stringify(entry.meta)}`,
      })),
      current: choice.stimulus,
      choose: (stimulus: number) => calls.part({ stimulus }),
    },
  ];
  const wanted = search.trim().toLowerCase();
  for (const { id, list, rows, current, choose } of lists) {
    const found = rows.filter((row) =>
      row.found.toLowerCase().includes(wanted)
    );
    byId(`${id}-count`).textContent = wanted === ""
      ? `${rows.length}`
      : `${found.length} of ${rows.length}`;
    showList(byId(list), found, current, choose);
  }
}

interface FoundRow extends Row {
  /** Text in which a search looks. */
  readonly found: string;
}

function moreOf(cells: readonly CellMeta[]): string {
  const [first] = cells;
  if (cells.length !== 1) return `${cells.length} cells`;
  return [first?.site, first?.recordingType].filter((text) => text).join(", ");
}
