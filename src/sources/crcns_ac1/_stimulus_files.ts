import { FormatError, RecordingError } from "../../errors.ts";
import type { ReadOptions, Waveform } from "../../session.ts";
import type { Archive, MemberPlace } from "../../archive/archive.ts";
import { Budget, type Limits } from "../../base/limits.ts";
import { readMat } from "../../formats/mat/mat.ts";
import { firstBeyond } from "../../base/numbers.ts";
import {
  asSamples,
  firstStruct,
  isWithin,
  type MatFields,
  numberOf,
  vectorOf,
} from "./_mat_fields.ts";

const LEAST_RATE_HZ = 1000;
const MOST_RATE_HZ = 1_000_000;
const MOST_SAMPLE = 1e9;

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
  const fields = stimulusFields(file, place, archive.limits);
  return waveformOf(fields, place, archive.limits);
}

/**
 * Waveform of a stimulus file, as stored.
 *
 * @throws {RecordingError} If it has no samples, no rate, or one that is not
 * finite.
 */
export function waveformOf(
  { sample, samples: several, param }: MatFields,
  place: MemberPlace,
  limits: Limits,
): Waveform {
  // The files of Asari have one spelling, those of Wehr the other.
  const name = sample === undefined ? "samples" : "sample";
  const samples = vectorOf(sample ?? several);
  const rateHz = numberOf(firstStruct(param)?.sf);
  if (samples === null || samples.length === 0) {
    throw fieldError(name, samples ? "empty" : "missing", "a waveform");
  }
  if (!isWithin(rateHz, LEAST_RATE_HZ, MOST_RATE_HZ)) {
    const rule = `a rate of ${LEAST_RATE_HZ} to ${MOST_RATE_HZ} Hz`;
    throw fieldError("param.sf", rateHz, rule);
  }
  const budget = new Budget("read stimulus", limits, "readBytes");
  budget.take(8 * samples.length, place);
  const odd = firstBeyond(samples, MOST_SAMPLE);
  if (odd >= 0) {
    const sample = samples[odd] as number;
    const rule = Number.isFinite(sample)
      ? `a magnitude below ${MOST_SAMPLE}`
      : "a finite number";
    throw fieldError(`${name}(${odd + 1})`, sample, rule);
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
