import { FormatError, RecordingError } from "../../errors.ts";
import type { ReadOptions, Waveform } from "../../session.ts";
import type { Archive, MemberPlace } from "../../archive/archive.ts";
import type { Limits } from "../../base/limits.ts";
import { readMat } from "../../formats/mat/mat.ts";
import { firstNonFinite } from "../../base/numbers.ts";
import {
  asSamples,
  firstStruct,
  type MatFields,
  numberOf,
  vectorOf,
} from "./_mat_fields.ts";

/**
 * Reads the waveform of a stimulus file, as stored.
 *
 * @throws {FormatError} If the file cannot be decoded.
 * @throws {RecordingError} If it has no samples, no rate, or one that is not
 * finite.
 */
export async function readAc1Waveform(
  archive: Archive,
  member: string,
  options: ReadOptions,
): Promise<Waveform> {
  const file = await archive.read(member, options);
  const place = archive.locate(member);
  const { sample, samples: several, param } = stimulusFields(
    file,
    place,
    archive.limits,
  );
  // The files of Asari have one spelling, those of Wehr the other.
  const name = sample === undefined ? "samples" : "sample";
  const samples = vectorOf(sample ?? several);
  const rateHz = numberOf(firstStruct(param)?.sf);
  if (samples === null || samples.length === 0) {
    throw fieldError(name, samples ? "empty" : "missing", "a waveform");
  }
  if (rateHz === null || !(rateHz > 0 && rateHz < Infinity)) {
    throw fieldError("param.sf", rateHz, "a rate in Hz");
  }
  const odd = firstNonFinite(samples);
  if (odd >= 0) {
    throw fieldError(`${name}(${odd + 1})`, samples[odd], "a finite number");
  }
  return { samples: asSamples(samples), rateHz };

  function fieldError(
    field: string,
    value: unknown,
    rule: string,
  ): RecordingError {
    return new RecordingError(
      `Cannot read stimulus: stimulus.${field} is ${value}, expected ${rule}`,
      place,
    );
  }
}

/**
 * Reads the fields of a stimulus file.
 *
 * @throws {FormatError} If it cannot be decoded, or holds no struct `stimulus`.
 */
export function stimulusFields(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
): MatFields {
  const { stimulus } = readMat(file, {
    variables: ["stimulus"],
    ...place,
    limits,
  });
  const fields = firstStruct(stimulus);
  if (fields) return fields;
  throw new FormatError(
    "Cannot read stimulus: there is no struct `stimulus`",
    place,
  );
}
