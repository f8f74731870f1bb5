import { FormatError, RecordingError } from "../../errors.ts";
import type { ReadOptions, StimMeta, Waveform } from "../../session.ts";
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
  textOf,
  vectorOf,
} from "./_mat_fields.ts";
import type { Ac1Context } from "./_context.ts";
import { unlessUndecodable } from "../shared/warnings.ts";

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
  if (!isWithin(rateHz, LEAST_RATE_HZ, MOST_RATE_HZ)) {
    const rule = `a rate of ${LEAST_RATE_HZ} to ${MOST_RATE_HZ} Hz`;
    throw fieldError("param.sf", rateHz, rule);
  }
  const budget = new Budget("read stimulus", archive.limits, "readBytes");
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

const CATEGORIES = ["fragments", "category1", "category2", "category3"];

/** Stimulus of the release, and the member that holds it. */
export interface WehrStimulus {
  readonly key: string;
  readonly member: string;
  readonly meta: StimMeta;
}

/**
 * Finds the stimulus file of each description. One file is in memory at a time.
 */
export async function indexWehrStimuli(
  { archive, warnings }: Pick<Ac1Context, "archive" | "warnings">,
  { signal }: ReadOptions,
): Promise<ReadonlyMap<string, WehrStimulus>> {
  const index = new Map<string, WehrStimulus>();
  const files = stimulusFiles(archive);
  // Once for the index, and once for the waveform.
  archive.expect(files.map(({ member }) => member), 2);
  for (const { category, idx, member } of files) {
    const file = await archive.read(member, { signal });
    const place = archive.locate(member);
    const description = unlessUndecodable(warnings, place, () => {
      const { param } = stimulusFields(file, place, archive.limits);
      return textOf(firstStruct(param)?.description);
    });
    if (description === null) continue;
    const first = index.get(description);
    if (first) {
      const message = `"${description}" is already ${first.member}`;
      warnings.warn("duplicate-stimulus", place, message);
      continue;
    }
    const meta = { experimenter: "wehr", category, idx, description };
    index.set(description, { key: `wehr/${category}/${idx}`, member, meta });
  }
  return index;
}

interface StimulusFile {
  readonly category: string;
  readonly idx: number;
  readonly member: string;
}

function stimulusFiles(archive: Archive): StimulusFile[] {
  return CATEGORIES.flatMap((category) => {
    const pattern = new RegExp(`^wehr/Stimuli/${category}/(\\d{1,9})\\.mat$`);
    return archive.members
      .flatMap(({ path }) => {
        const match = pattern.exec(path);
        return match ? [{ category, idx: Number(match[1]), member: path }] : [];
      })
      .sort((a, b) => a.member < b.member ? -1 : 1);
  });
}
