import { RecordingError } from "../../errors.ts";
import { firstNonFinite, roundHalfEven } from "../../base/numbers.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import type { MatVariable } from "../../formats/mat/value.ts";
import {
  asSamples,
  firstStruct,
  type MatFields,
  numberOf,
  type StoredSamples,
  textOf,
  vectorOf,
} from "./_mat_fields.ts";
import type { CellResponse, Trials } from "../../session.ts";

/** Repeat, as stored, and the file that holds it. */
export interface Ac1Repeat extends Ac1Trace {
  readonly place: MemberPlace;
}

/**
 * Makes a response of one cell's repeats of one stimulus: as stored if they all
 * have the same scale, else in mV.
 *
 * @throws {RecordingError} If their rates differ.
 */
export function rawTrials(repeats: readonly Ac1Repeat[]): Trials {
  const [first] = repeats;
  return {
    responses: [first === undefined ? null : rawResponse(repeats, first)],
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  };
}

function rawResponse(
  repeats: readonly Ac1Repeat[],
  { rateHz, scale }: Ac1Repeat,
): CellResponse {
  const odd = repeats.find((repeat) => repeat.rateHz !== rateHz);
  if (odd) {
    throw new RecordingError(
      `Cannot read trials: response.sf is ${odd.rateHz}, expected ${rateHz} ` +
        "as in the first repeat",
      odd.place,
    );
  }
  const oneScale = repeats.every((repeat) => repeat.scale === scale);
  return {
    kind: "raw",
    unit: "mV",
    rateHz,
    scale: oneScale ? scale : 1,
    repeats: repeats.map((repeat) =>
      oneScale ? asSamples(repeat.samples) : scaled(repeat)
    ),
  };
}

function scaled({ samples, scale }: Ac1Repeat): Float64Array {
  return new Float64Array(samples).map((sample) => sample * scale);
}

/** Trace, or a piece of one, as stored. */
export interface Ac1Trace {
  readonly samples: StoredSamples;
  /** Unit (mV) per stored step. */
  readonly scale: number;
  readonly rateHz: number;
}

/**
 * Inflates the trace of a recording.
 *
 * @param response Variable `response` of the file.
 * @throws {RecordingError} If the trace is not there or no vector, or its scale
 * or rate no finite number.
 */
export function readAc1Trace(
  response: MatVariable | undefined,
  place: MemberPlace,
): Ac1Trace {
  const fields = firstStruct(response?.read());
  const samples = vectorOf(fields?.trace);
  const scale = numberOf(fields?.scale);
  const rateHz = numberOf(fields?.sf);
  if (samples === null) {
    throw fieldError("trace", "missing or no vector", "a vector", place);
  }
  if (scale === null || !Number.isFinite(scale)) {
    throw fieldError("scale", scale, "mV per unit", place);
  }
  if (rateHz === null || !(rateHz > 0 && rateHz < Infinity)) {
    throw fieldError("sf", rateHz, "a rate in Hz", place);
  }
  return { samples, scale, rateHz };
}

/**
 * Cuts a repeat out of a trace: from its onset for its duration, or to the end of
 * the trace.
 *
 * @returns A view of the trace.
 * @throws {RecordingError} If a sample in it is no finite number.
 */
export function cutRepeat(
  { samples, rateHz }: Ac1Trace,
  { onset, durationMs }: Ac1Timing,
  place: MemberPlace,
): StoredSamples {
  const start = Math.max(0, Math.trunc(onset) - 1);
  const length = roundHalfEven(durationMs * rateHz / 1000);
  const repeat = samples.subarray(start, start + Math.max(0, length));
  const odd = firstNonFinite(repeat);
  if (odd < 0) return repeat;
  const field = `trace(${start + odd + 1})`;
  throw fieldError(field, repeat[odd], "a finite number", place);
}

function fieldError(
  field: string,
  value: unknown,
  rule: string,
  place: MemberPlace,
): RecordingError {
  return new RecordingError(
    `Cannot read recording: response.${field} is ${value}, expected ${rule}`,
    place,
  );
}

/** Time at which a trigger started its stimulus, and how long it lasted. */
export interface Ac1Timing {
  /** Sample of the onset, from 1. */
  readonly onset: number;
  readonly durationMs: number;
}

/**
 * Description of the stimulus that a trigger played.
 *
 * @param types Types that are kept, in lower case.
 * @returns Null if the trigger is of another type, or has no description.
 */
export function playedDescription(
  trigger: MatFields | null,
  types: readonly string[],
): string | null {
  const type = textOf(trigger?.type)?.trim().toLowerCase() ?? "";
  if (!types.includes(type)) return null;
  return textOf(firstStruct(trigger?.param)?.description);
}

/**
 * Onset and duration of the stimulus that a trigger played.
 *
 * @param name Name of the trigger in errors.
 * @throws {RecordingError} If onset or duration is no finite number.
 */
export function playedTiming(
  trigger: MatFields | null,
  name: string,
  place: MemberPlace,
): Ac1Timing {
  const { duration } = firstStruct(trigger?.param) ?? {};
  return {
    durationMs: finite(numberOf(duration), `${name}.param.duration`),
    onset: finite(numberOf(trigger?.time), `${name}.time`),
  };

  function finite(value: number | null, field: string): number {
    if (value !== null && Number.isFinite(value)) return value;
    throw new RecordingError(
      `Cannot read recording: ${field} is ${value}, expected a number`,
      place,
    );
  }
}
