import { RecordingError } from "../../errors.ts";
import { firstBeyond, roundHalfEven } from "../../base/numbers.ts";
import { Budget, type Limits } from "../../base/limits.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import type { MatVariable } from "../../formats/mat/value.ts";
import {
  asSamples,
  firstStruct,
  isWithin,
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
 * @throws {LimitError} If they are more than the limits allow in one read.
 */
export function rawTrials(
  repeats: readonly Ac1Repeat[],
  limits: Limits,
): Trials {
  const [first] = repeats;
  const budget = new Budget("read trials", limits, "readBytes");
  for (const { samples, place } of repeats) {
    budget.take(8 * samples.length, place);
  }
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
  const out = new Float64Array(samples);
  // A loop takes a fifth of the time of `map`.
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * scale;
  return out;
}

const LEAST_RATE_HZ = 100;
const MOST_RATE_HZ = 1_000_000;
const LEAST_SCALE = 1e-9;
const MOST_SCALE = 1e6;
const MOST_MV = 1e6;

/** Trace, or a piece of one, as stored. */
export interface Ac1Trace {
  readonly samples: StoredSamples;
  /** Unit (mV) per stored step, 1e-9 to 1,000,000 or the negative of that. */
  readonly scale: number;
  /** Sampling rate in Hz, 100 to 1,000,000. */
  readonly rateHz: number;
}

/**
 * Inflates the trace of a recording.
 *
 * @param response Variable `response` of the file.
 * @throws {RecordingError} If the trace is not there or no vector, or its scale
 * or rate is out of range.
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
  if (scale === null || !isWithin(Math.abs(scale), LEAST_SCALE, MOST_SCALE)) {
    const rule = `mV per unit, ${LEAST_SCALE} to ${MOST_SCALE}`;
    throw fieldError("scale", scale, rule, place);
  }
  if (!isWithin(rateHz, LEAST_RATE_HZ, MOST_RATE_HZ)) {
    const rule = `a rate of ${LEAST_RATE_HZ} to ${MOST_RATE_HZ} Hz`;
    throw fieldError("sf", rateHz, rule, place);
  }
  return { samples, scale, rateHz };
}

/**
 * Cuts a repeat out of a trace: from its onset for its duration, or to the end of
 * the trace.
 *
 * @param budget Claimed for the repeat before its samples are looked at.
 * @returns A view of the trace.
 * @throws {RecordingError} If a sample in it is not finite, or beyond 1 kV.
 */
export function cutRepeat(
  { samples, rateHz, scale }: Ac1Trace,
  { onset, durationMs }: Ac1Timing,
  place: MemberPlace,
  budget?: Budget,
): StoredSamples {
  const start = Math.trunc(onset) - 1;
  const length = roundHalfEven(durationMs * rateHz / 1000);
  const repeat = samples.subarray(start, start + length);
  budget?.take(repeat.byteLength, place);
  const odd = firstBeyond(repeat, MOST_MV / Math.abs(scale));
  if (odd < 0) return repeat;
  const field = `trace(${start + odd + 1})`;
  const sample = repeat[odd] as number;
  const rule = Number.isFinite(sample)
    ? `less than ${MOST_MV} mV at scale ${scale}`
    : "a finite number";
  throw fieldError(field, sample, rule, place);
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

/** Longest that a stimulus can last: 10,000 s. */
const MOST_MS = 1e7;

/** Time at which a trigger started its stimulus, and how long it lasted. */
export interface Ac1Timing {
  /** Sample of the onset, from 1. */
  readonly onset: number;
  /** 0 to 10,000,000 ms. */
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
 * @throws {RecordingError} If onset or duration is out of range.
 */
export function playedTiming(
  trigger: MatFields | null,
  name: string,
  place: MemberPlace,
): Ac1Timing {
  const { duration } = firstStruct(trigger?.param) ?? {};
  const durationMs = numberOf(duration);
  if (!isWithin(durationMs, 0, MOST_MS)) {
    throw timingError("param.duration", durationMs, `0 to ${MOST_MS} ms`);
  }
  const onset = numberOf(trigger?.time);
  if (!isWithin(onset, 1, Number.MAX_SAFE_INTEGER)) {
    throw timingError("time", onset, "a sample, from 1");
  }
  return { durationMs, onset };

  function timingError(
    field: string,
    value: number | null,
    rule: string,
  ): RecordingError {
    return new RecordingError(
      `Cannot read recording: ${name}.${field} is ${value}, expected ${rule}`,
      place,
    );
  }
}
