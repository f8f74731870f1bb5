import { RecordingError } from "../../errors.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import {
  firstStruct,
  type MatFields,
  numberOf,
  textOf,
} from "./_mat_fields.ts";

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
