import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../../base/limits.ts";

/**
 * The cells that a recording's `resp.json` lists, in its order.
 *
 * @throws {FormatError} If it is not JSON, or no list of spike trains at 100 Hz.
 * @throws {LimitError} If it is larger than the limits allow.
 */
export function readChans(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): readonly string[] {
  const { chans, fs, signal_type: type } = jsonObject(bytes, place, limits);
  const fault = chansFault(chans);
  if (fault !== undefined) {
    throw bad("chans", fault, "distinct cell ids", place);
  }
  if (fs !== 100) throw bad("fs", JSON.stringify(fs), "100", place);
  checkType(type, "PointProcess", place);
  return chans as readonly string[];
}

/** @throws {FormatError} If `stim.json` does not describe tiled stimuli. */
export function checkStimJson(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): void {
  const { signal_type: type } = jsonObject(bytes, place, limits);
  checkType(type, "TiledSignal", place);
}

/** The session of a cell, or of a recording by its first cell. */
export function sessionOf(cellId: string): string {
  return cellId.split("-", 1)[0];
}

function jsonObject(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits,
): Readonly<Record<string, unknown>> {
  if (bytes.length > limits.jsonBytes) {
    throw new LimitError(
      `Cannot read JSON: it has ${bytes.length} bytes: ` +
        limitText(limits, "jsonBytes"),
      place,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`Cannot read JSON: ${reason}`, { ...place, cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new FormatError("Cannot read JSON: expected an object", place);
}

function chansFault(chans: unknown): string | undefined {
  if (!Array.isArray(chans)) return JSON.stringify(chans);
  const seen = new Set<unknown>();
  for (const [index, chan] of chans.entries()) {
    if (typeof chan !== "string" || chan === "") {
      return `${JSON.stringify(chan)} at ${index}`;
    }
    if (seen.has(chan)) return `${JSON.stringify(chan)} again at ${index}`;
    seen.add(chan);
  }
  return undefined;
}

function checkType(
  type: unknown,
  expected: string,
  place: DataErrorPlace,
): void {
  if (typeof type === "string" && type.includes(expected)) return;
  throw bad("signal_type", JSON.stringify(type), `a ${expected}`, place);
}

function bad(
  key: string,
  value: unknown,
  rule: string,
  place: DataErrorPlace,
): FormatError {
  return new FormatError(
    `Cannot read JSON: ${key} is ${value}, expected ${rule}`,
    place,
  );
}
