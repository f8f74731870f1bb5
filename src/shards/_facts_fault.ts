import { isFields, metaFault } from "../sinks/files/head_fields.ts";
import {
  type FieldRule,
  fieldsFault,
  isCount,
  isText,
} from "./_stored_json.ts";
import type { SessionFacts } from "./_session_facts.ts";

/** First fault of the facts in a manifest; undefined if there is none. */
export function factsFault(value: unknown): string | undefined {
  const fault = fieldsFault(value, FACTS);
  if (fault !== undefined) return fault;
  const { cells, cellNumbers, forms, presentations } = value as SessionFacts;
  if (cellNumbers !== undefined && cellNumbers.length !== cells.length) {
    return `cellNumbers has ${cellNumbers.length} places, expected ${cells.length}`;
  }
  for (const cell of cells) {
    const fault = isFields(cell) ? metaFault(cell) : "a cell is no object";
    if (fault !== undefined) return fault;
  }
  for (const form of forms) {
    const fault = fieldsFault(form, FORM);
    if (fault !== undefined) return `a form of responses: ${fault}`;
  }
  for (const [i, presentation] of presentations.entries()) {
    const fault = fieldsFault(presentation, PRESENTATION) ??
      metaFault(presentation.meta) ??
      responsesFault(presentation.responses, forms.length);
    if (fault !== undefined) return `presentation ${i}: ${fault}`;
  }
  return undefined;
}

/** Number of arrays that a shard has by the facts about its session. */
export function arrayCounts(
  { cells, presentations }: SessionFacts,
): { readonly stimuli: number; readonly responses: number } {
  let responses = 0;
  for (const { responses: own } of presentations) {
    if (own === null) continue;
    responses += typeof own === "number"
      ? cells.length
      : own.filter((form) => form !== null).length;
  }
  const keys = new Set(presentations.map(({ key }) => key));
  return { stimuli: keys.size, responses };
}

function responsesFault(responses: unknown, forms: number): string | undefined {
  const isIndex = (value: unknown): boolean =>
    value === null || isCount(value) && value < forms;
  const hasForms = isIndex(responses) ||
    Array.isArray(responses) && responses.every(isIndex);
  return hasForms ? undefined : `responses are of other forms than ${forms}`;
}

const isPositive = (value: unknown): boolean =>
  typeof value === "number" && value > 0 && value < Infinity;
const isFrom0 = (value: unknown): boolean => value === 0 || isPositive(value);
const ifThere = (holds: (value: unknown) => boolean): FieldRule[1] => (value) =>
  value === undefined || holds(value);

const COUNT: FieldRule = ["a whole number from 0", ifThere(isCount)];
const ABOVE_0: FieldRule = ["a number above 0", ifThere(isPositive)];

const FACTS: Readonly<Record<string, FieldRule>> = {
  cells: ["a list", Array.isArray],
  cellNumbers: [
    "a list of places, if any",
    ifThere((value) => Array.isArray(value) && value.every(isCount)),
  ],
  forms: ["a list", Array.isArray],
  presentations: ["a list", Array.isArray],
};

const FORM: Readonly<Record<string, FieldRule>> = {
  kind: [
    "raw, subthresh, spikes",
    (value) => ["raw", "subthresh", "spikes"].includes(String(value)),
  ],
  rateHz: ["a number above 0", isPositive],
  dtMs: ABOVE_0,
  unit: ["text, if any", ifThere(isText)],
  detrended: [
    "two windows, if any",
    ifThere((value) =>
      isFields(value) && isFrom0(value.medianMs) && isFrom0(value.gaussMs)
    ),
  ],
};

const PRESENTATION: Readonly<Record<string, FieldRule>> = {
  key: ["text", isText],
  durationMs: ["a number from 0", isFrom0],
  meta: ["an object", isFields],
  dtMs: ABOVE_0,
  bins: COUNT,
  aliases: [
    "published, if any",
    ifThere((value) => value === "published"),
  ],
  tally: [
    "counts of repeats, if any",
    ifThere((value) =>
      isFields(value) &&
      ["range", "step", "xcorr", "kept"].every((reason) =>
        isCount(value[reason])
      )
    ),
  ],
};
