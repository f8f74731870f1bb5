import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits, limitText } from "../../base/limits.ts";

/**
 * Reads the ids of the cells that a recording's `resp.json` lists, in its order.
 *
 * @throws {FormatError} If it is not JSON, or no list of spike trains at 100 Hz.
 * @throws {LimitError} If it is larger than the limits allow.
 */
export function readChannels(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): readonly string[] {
  const { chans, fs, signal_type: type } = jsonObject(bytes, place, limits);
  const fault = channelsFault(chans);
  if (fault !== undefined) {
    throw keyError("chans", fault, "distinct cell ids", place);
  }
  if (fs !== 100) throw keyError("fs", JSON.stringify(fs), "100", place);
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

interface SignalJson {
  readonly chans?: unknown;
  readonly fs?: unknown;
  readonly signal_type?: unknown;
}

function jsonObject(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits,
): SignalJson {
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
    return value;
  }
  throw new FormatError("Cannot read JSON: expected an object", place);
}

function channelsFault(chans: unknown): string | undefined {
  if (!Array.isArray(chans)) return JSON.stringify(chans);
  const seen = new Set<unknown>();
  for (const [index, cell] of chans.entries()) {
    if (typeof cell !== "string" || cell === "") {
      return `${JSON.stringify(cell)} at ${index}`;
    }
    if (seen.has(cell)) return `${JSON.stringify(cell)} again at ${index}`;
    seen.add(cell);
  }
  return undefined;
}

function checkType(
  type: unknown,
  expected: string,
  place: DataErrorPlace,
): void {
  if (typeof type === "string" && type.includes(expected)) return;
  throw keyError("signal_type", JSON.stringify(type), `a ${expected}`, place);
}

function keyError(
  key: string,
  value: unknown,
  rule: string,
  place: DataErrorPlace,
): FormatError {
  return new FormatError(
    `Cannot read JSON: ${key} is ${shown(value)}, expected ${rule}`,
    place,
  );
}

/** A value in a message; a damaged file may hold megabytes of it. */
function shown(value: unknown): string {
  const text = String(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
