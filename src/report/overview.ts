import type { CellMeta, GateTally } from "../session.ts";
import type { Fingerprint } from "../stream/fingerprint.ts";
import { droppedOf } from "../stream/tally.ts";
import { figureHtml } from "./cell_section.ts";
import {
  DROP_REASONS,
  type DroppedRepeat,
  type DropReason,
} from "./gate_examples.ts";
import { type Html, markup } from "./html.ts";
import {
  type Column,
  type Field,
  numberField,
  table,
  textField,
} from "./page.ts";

/** How often a kind of warning came, and the first one. */
export interface WarningCount {
  readonly kind: string;
  readonly count: number;
  readonly message: string;
  readonly member: string;
}

/** Row of the table of cells. */
export interface CellRow {
  readonly name: string;
  /** Name of its part of the page, or of that of its session. */
  readonly id: string;
  readonly session: string;
  readonly meta: CellMeta;
  readonly stimuli: number;
  readonly repeats: number;
  readonly ccNorm: number | null;
  /** Frequency and lag of the greatest weight of its field. */
  readonly peakHz: number | null;
  readonly peakMs: number | null;
}

/** Numbers of a whole report. */
export interface Totals {
  readonly sessions: number;
  readonly cells: number;
  readonly stimuli: number;
  readonly repeats: number;
  readonly tally: GateTally;
}

/** Numbers at the top of the page. */
export function tiles(totals: Totals): Html {
  const { sessions, cells, stimuli, repeats, tally } = totals;
  const dropped = droppedOf(tally);
  const numbers: [number: number, name: string][] = [
    [sessions, "sessions"],
    [cells, "cells"],
    [stimuli, "sounds"],
    [repeats, "repeats"],
  ];
  if (dropped + tally.kept > 0) numbers.push([dropped, "repeats dropped"]);
  const items = numbers.map(([number, name]) =>
    markup`<li><b>${number.toLocaleString("en")}</b>${name}</li>`
  );
  return markup`<ul class="tiles">${items}</ul>`;
}

/** Column of the table of cells. */
interface CellColumn extends Column {
  readonly of: (row: CellRow) => Field;
}

/** The table of all cells, without columns in which nothing is known. */
export function cellTable(rows: readonly CellRow[]): Html {
  const has = (key: string): boolean =>
    rows.some(({ meta }) => meta[key] !== undefined && meta[key] !== null);
  const isKnown = ({ of }: CellColumn): boolean =>
    rows.some((row) => of(row).key !== undefined);
  const columns: CellColumn[] = [
    { title: "Cell", of: nameField },
    ...["site", "area", "layer", "recordingType", "signalType"].filter(has).map(
      (key) => ({
        title: HEADINGS[key] ?? key,
        of: ({ meta }: CellRow): Field => textField(meta[key]),
      }),
    ),
    ...NUMBERS.filter(isKnown).map((column) => ({ ...column, isNumber: true })),
  ];
  return table(columns, rows.map((row) => columns.map(({ of }) => of(row))), {
    isSortable: true,
  });
}

const HEADINGS: Readonly<Record<string, string>> = {
  site: "Site",
  area: "Area",
  layer: "Layer",
  recordingType: "Recording",
  signalType: "Signal",
};

const NUMBERS: CellColumn[] = [
  { title: "Sounds", of: ({ stimuli }) => numberField(stimuli) },
  { title: "Repeats", of: ({ repeats }) => numberField(repeats) },
  {
    title: "SNR",
    about: "power of the signal over that of the noise, from the repeats",
    of: ({ meta }) => numberField(meta.snr, 3),
  },
  {
    title: "CCmax",
    about: "greatest correlation with the mean that a model can reach",
    of: ({ meta }) => numberField(meta.ccmax, 3),
  },
  {
    title: "CCnorm",
    about: "normalized correlation of a linear model on sounds left out",
    of: ({ ccNorm }) => numberField(ccNorm, 3),
  },
  {
    title: "Peak kHz",
    about: "frequency of the greatest weight of the linear model",
    of: ({ peakHz }) => numberField(peakHz === null ? null : peakHz / 1000, 2),
  },
  {
    title: "Peak ms",
    about: "lag of the greatest weight of the linear model",
    of: ({ peakMs }) => numberField(peakMs, 0),
  },
];

function nameField({ name, id }: CellRow): Field {
  return { shown: markup`<a href="#${id}">${name}</a>`, key: name };
}

/** Repeats that the gate kept and dropped, why, and examples. */
export function gateSection(
  tally: GateTally,
  rule: (reason: DropReason) => string,
  examples: readonly DroppedRepeat[],
): Html {
  const total = droppedOf(tally) + tally.kept;
  const share = (count: number): string =>
    `${(100 * count / total).toFixed(2)} %`;
  const rows = [
    ["kept", "", tally.kept] as const,
    ...DROP_REASONS.map((reason) =>
      [reason, rule(reason), tally[reason]] as const
    ),
  ];
  const columns = [
    { title: "Verdict" },
    { title: "Because", isLong: true },
    { title: "Repeats", isNumber: true },
    { title: "Share", isNumber: true },
  ];
  const fields = rows.map(([verdict, why, count]) => [
    { shown: verdict },
    { shown: why },
    numberField(count),
    { shown: share(count) },
  ]);
  return markup`<h2 id="gate">What the gate dropped</h2>
${table(columns, fields)}
${examples.length > 0 ? exampleList(examples) : null}`;
}

function exampleList(examples: readonly DroppedRepeat[]): Html {
  const figures = examples.map((example) => {
    const { figure, reason, session, repeat, repeats } = example;
    const caption = `${reason}: repeat ${repeat} of ${repeats}, ${session}`;
    return figureHtml(figure, caption);
  });
  return markup`<details open><summary>Examples of dropped repeats</summary>
<div class="figures">${figures}</div></details>`;
}

/** Warnings of the source: things that it skipped, or a reader should know. */
export function warningSection(warnings: readonly WarningCount[]): Html {
  const columns = [
    { title: "Kind" },
    { title: "Count", isNumber: true },
    { title: "The first one", isLong: true },
    { title: "Where", isLong: true },
  ];
  const fields = warnings.map(({ kind, count, message, member }) => [
    { shown: kind },
    numberField(count),
    { shown: message },
    { shown: member },
  ]);
  return markup`<h2 id="warnings">Warnings</h2>
${warnings.length === 0 ? markup`<p>None.</p>` : table(columns, fields)}`;
}

/** Source and operators with all of their options. */
export function chainTable({ source, steps }: Fingerprint): Html {
  const columns = [{ title: "Step" }, { title: "Options", isLong: true }];
  const rows: [name: string, options: string][] = steps.map((
    { name, args },
  ) => [name, args.map(optionText).join("; ")]);
  if (source !== null) {
    const { name, options, archives } = source;
    rows.unshift([
      name,
      [optionText(options), archives].filter(Boolean).join("; "),
    ]);
  }
  const fields = rows.map((row) => row.map((text) => ({ shown: text })));
  return table(columns, fields);
}

function optionText(options: unknown): string {
  if (typeof options !== "object" || options === null) return String(options);
  return Object.entries(options)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", ");
}
