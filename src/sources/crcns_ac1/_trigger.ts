import { RecordingError } from "../../errors.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import {
  firstStruct,
  type MatFields,
  numberOf,
  textOf,
} from "./_mat_fields.ts";

/** When a trigger started its stimulus, and for how long. */
export interface Ac1Timing {
  /** Sample of the onset, from 1. */
  readonly onset: number;
  readonly durationMs: number;
}

/**
 * What a trigger played.
 *
 * @param types Types that are kept, in lower case.
 * @returns Its description; null where it is of another type, or has none.
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
 * When a trigger played.
 *
 * @param name The trigger, as errors name it.
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
