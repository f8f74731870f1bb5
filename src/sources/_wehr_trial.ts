import { type DataErrorPlace, RecordingError } from "../errors.ts";
import { roundHalfEven } from "../_round.ts";
import type { Samples } from "../session.ts";
import { listMatVariables } from "./formats/mat5.ts";
import type { MatVariable } from "./formats/mat_value.ts";
import {
  firstNonFinite,
  firstStruct,
  numberOf,
  samplesOf,
  textOf,
} from "./_mat_fields.ts";

// The second is a spelling of the release.
const KEPT_TYPES = ["naturalsound", "nauralsound", "natural"];

/** One trial file: what was played, and the recording still to be inflated. */
export interface WehrTrial {
  readonly member: string;
  readonly description: string;
  readonly durationMs: number;
  /** Sample of the onset, from 1. */
  readonly onset: number;
  readonly response: MatVariable | undefined;
}

/** One repeat, as stored. */
export interface WehrRepeat {
  readonly samples: Samples;
  readonly scale: number;
  readonly rateHz: number;
}

/**
 * Reads what a trial file played, without inflating its trace.
 *
 * @returns Null where it holds no natural sound.
 * @throws {FormatError} If the file cannot be decoded.
 */
export function readWehrTrial(
  file: Uint8Array,
  place: Required<Pick<DataErrorPlace, "archive" | "member">>,
): WehrTrial | null {
  const variables = listMatVariables(file, place);
  const named = (name: string): MatVariable | undefined =>
    variables.find((variable) => variable.name === name);
  const trigger = firstStruct(named("triggers")?.read());
  const type = textOf(trigger?.type)?.trim().toLowerCase() ?? "";
  const param = firstStruct(trigger?.param);
  const description = textOf(param?.description);
  if (!KEPT_TYPES.includes(type) || description === null) return null;
  return {
    member: place.member,
    description,
    durationMs: finite(numberOf(param?.duration), "triggers.param.duration"),
    onset: finite(numberOf(trigger?.time), "triggers.time"),
    response: named("response"),
  };

  function finite(value: number | null, name: string): number {
    if (value !== null && Number.isFinite(value)) return value;
    throw new RecordingError(
      `Cannot read trial: ${name} is ${value}, expected a number`,
      place,
    );
  }
}

/**
 * Inflates a trial's trace and cuts out what was heard: from the onset for the
 * duration, or to the end of the trace.
 *
 * @throws {RecordingError} If the trace, its scale or its rate are not there or
 * no finite numbers.
 */
export function readWehrRepeat(trial: WehrTrial, archive: string): WehrRepeat {
  const { member } = trial;
  const response = firstStruct(trial.response?.read());
  const trace = samplesOf(response?.trace);
  const scale = numberOf(response?.scale);
  const rateHz = numberOf(response?.sf);
  if (trace === null) throw bad("trace", "missing or no vector", "a vector");
  if (scale === null || !Number.isFinite(scale)) {
    throw bad("scale", scale, "mV per unit");
  }
  if (rateHz === null || !(rateHz > 0 && rateHz < Infinity)) {
    throw bad("sf", rateHz, "a rate in Hz");
  }
  const start = Math.max(0, Math.trunc(trial.onset) - 1);
  const length = roundHalfEven(trial.durationMs * rateHz / 1000);
  const samples = trace.subarray(start, start + Math.max(0, length));
  const odd = firstNonFinite(samples);
  if (odd >= 0) {
    throw bad(`trace(${start + odd + 1})`, samples[odd], "a finite number");
  }
  return { samples, scale, rateHz };

  function bad(field: string, value: unknown, rule: string): RecordingError {
    return new RecordingError(
      `Cannot read trial: response.${field} is ${value}, expected ${rule}`,
      { archive, member },
    );
  }
}
