import { RecordingError } from "../../errors.ts";
import type { Response, Trials } from "../../session.ts";
import type { Ac1Trace } from "./trace.ts";
import type { MemberPlace } from "../archive/archive.ts";
import { asSamples } from "./mat_fields.ts";

/** One repeat, as stored, and the file that it comes from. */
export interface Ac1Repeat extends Ac1Trace {
  readonly place: MemberPlace;
}

/**
 * One cell's repeats of one stimulus as a response: as stored where all of them
 * have one scale, else in mV.
 *
 * @throws {RecordingError} If they have not one rate.
 */
export function rawTrials(repeats: readonly Ac1Repeat[]): Trials {
  return {
    responses: [repeats.length === 0 ? null : rawResponse(repeats)],
    tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
  };
}

function rawResponse(repeats: readonly Ac1Repeat[]): Response {
  const [{ rateHz, scale }] = repeats;
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
  for (let i = 0; i < out.length; i++) out[i] *= scale;
  return out;
}
