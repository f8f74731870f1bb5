import { type Ac1Timing, playedDescription, playedTiming } from "./trigger.ts";
import type { MemberPlace } from "../archive/archive.ts";
import type { Limits } from "../limits.ts";
import { listMatVariables } from "../formats/mat5.ts";
import type { MatVariable } from "../formats/mat_value.ts";
import { firstStruct } from "./mat_fields.ts";

// The second is a spelling of the release.
const KEPT_TYPES = ["naturalsound", "nauralsound", "natural"];

/** One trial file: what was played, and the recording still to be inflated. */
export interface WehrTrial extends Ac1Timing {
  readonly place: MemberPlace;
  readonly description: string;
  readonly response: MatVariable | undefined;
}

/**
 * Reads what a trial file played, without inflating its trace.
 *
 * @returns Null where it holds no natural sound.
 * @throws {FormatError} If the file cannot be decoded.
 * @throws {RecordingError} If onset or duration is no finite number.
 */
export function readWehrTrial(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
): WehrTrial | null {
  const variables = listMatVariables(file, { ...place, limits });
  const named = (name: string): MatVariable | undefined =>
    variables.find((variable) => variable.name === name);
  const trigger = firstStruct(named("triggers")?.read());
  const description = playedDescription(trigger, KEPT_TYPES);
  if (description === null) return null;
  return {
    place,
    description,
    ...playedTiming(trigger, "triggers", place),
    response: named("response"),
  };
}
