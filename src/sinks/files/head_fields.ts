/** JSON object with unchecked entries. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Rule for a field: its words, and whether a value keeps it. */
type Rule = readonly [expected: string, holds: (value: unknown) => boolean];

/** Most arrays inside arrays of a metadata entry. */
const MAX_DEPTH = 100;
const KINDS = ["raw", "subthresh", "spikes"];

const TEXT: Rule = ["text", isText];
const POSITIVE: Rule = ["a number above 0", isPositive];
const KIND: Rule = [
  KINDS.join(", "),
  (value) => KINDS.some((kind) => kind === value),
];

/** Fields of any array; all may be missing. */
const COMMON: Readonly<Record<string, Rule>> = {
  unit: TEXT,
  dtMs: POSITIVE,
  rateHz: POSITIVE,
  session: TEXT,
};

/** Fields of a stimulus that may be missing. */
const STIMULUS: Readonly<Record<string, Rule>> = {
  ...COMMON,
  samplesPerBin: [
    "a whole number above 0",
    (value) => Number.isSafeInteger(value) && isPositive(value),
  ],
  bandRangeHz: ["two frequencies above 0, ascending", isRange],
};

/** Fields that an array must have. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  stimulus: {
    durationMs: [
      "a number from 0",
      (value) => value === 0 || isPositive(value),
    ],
  },
  response: { session: TEXT, kind: KIND },
};

/** First fault of the fields of an array's head whose type is known. */
export function fieldFault(head: Fields): string | undefined {
  const type = head.type === "stimulus" ? "stimulus" : "response";
  const optional = type === "stimulus" ? STIMULUS : COMMON;
  for (const [name, rule] of Object.entries(optional)) {
    const fault = Object.hasOwn(head, name) && ruleFault(head, name, rule);
    if (fault) return fault;
  }
  for (const [name, rule] of Object.entries(REQUIRED[type] ?? {})) {
    const fault = ruleFault(head, name, rule);
    if (fault) return fault;
  }
  if (type === "response" && head.shape !== undefined && !isPair(head.shape)) {
    return "shape is of other axes, expected repeats and bins";
  }
  return metaFault(head.meta as Fields);
}

/** First fault of the metadata of a cell or stimulus. */
export function metaFault(meta: Fields): string | undefined {
  for (const [key, value] of Object.entries(meta)) {
    if (isMetaValue(value, MAX_DEPTH)) continue;
    return `meta.${key.slice(0, 80)} is ${quoted(value)}, expected text, a ` +
      "number, true, false, null or a list of them";
  }
  const isKnown = meta.signalType === undefined || KIND[1](meta.signalType);
  return isKnown
    ? undefined
    : `meta.signalType is ${quoted(meta.signalType)}, expected ${KIND[0]}`;
}

function ruleFault(
  head: Fields,
  name: string,
  [expected, holds]: Rule,
): string | undefined {
  const value = head[name];
  if (holds(value)) return undefined;
  return `${name} is ${quoted(value)}, expected ${expected}`;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && value < Infinity;
}

function isRange(value: unknown): boolean {
  return isPair(value) && value.every(isPositive) &&
    Number(value[0]) <= Number(value[1]);
}

function isPair(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === 2;
}

function isMetaValue(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) {
    return depth > 0 && value.every((item) => isMetaValue(item, depth - 1));
  }
  return value === null ||
    ["string", "number", "boolean"].includes(typeof value);
}

/** Value in an error; objects are not printed, however deep they are. */
function quoted(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  return isFields(value) || Array.isArray(value) ? "an object" : String(value);
}
