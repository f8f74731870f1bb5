import { DataError, RecordingError } from "../errors.ts";
import type { ReadOptions, Signal, StimMeta } from "../session.ts";
import type { Archive } from "./archive/archive.ts";
import { readMat } from "./formats/mat5.ts";
import {
  firstNonFinite,
  firstStruct,
  type MatFields,
  numberOf,
  samplesOf,
  textOf,
} from "./_mat_fields.ts";
import type { SourceWarnings } from "./_source_warnings.ts";

const CATEGORIES = ["fragments", "category1", "category2", "category3"];

/** Where a stimulus lies. */
export interface WehrStimulus {
  readonly key: string;
  readonly member: string;
  readonly meta: StimMeta;
}

/**
 * Finds the stimulus file of each description. Files are inflated one at a time
 * and let go again.
 */
export async function indexWehrStimuli(
  archive: Archive,
  warnings: SourceWarnings,
  { signal }: ReadOptions,
): Promise<ReadonlyMap<string, WehrStimulus>> {
  const index = new Map<string, WehrStimulus>();
  for (const { category, idx, member } of stimulusFiles(archive)) {
    const file = await archive.read(member, { signal });
    const description = decoded(() => {
      const stimulus = stimulusFields(file, archive.name, member);
      return textOf(firstStruct(stimulus.param)?.description);
    });
    if (description instanceof DataError) {
      warnings.warn("undecodable", member, description.message, description);
      continue;
    }
    if (description === null) continue;
    const first = index.get(description);
    if (first) {
      warnings.warn(
        "duplicate-stimulus",
        member,
        `"${description}" is already ${first.member}`,
      );
      continue;
    }
    const meta = { experimenter: "wehr", category, idx, description };
    index.set(description, { key: `wehr/${category}/${idx}`, member, meta });
  }
  return index;
}

/**
 * Reads one waveform, as stored.
 *
 * @throws {RecordingError} If it has no samples, no rate, or one that is not
 * finite.
 */
export async function readWehrStimulus(
  archive: Archive,
  member: string,
  { signal }: ReadOptions,
): Promise<Signal> {
  const file = await archive.read(member, { signal });
  const stimulus = stimulusFields(file, archive.name, member);
  const samples = samplesOf(stimulus.samples);
  const rateHz = numberOf(firstStruct(stimulus.param)?.sf);
  if (samples === null || samples.length === 0) {
    throw bad("samples", samples ? "empty" : "missing", "a waveform");
  }
  if (rateHz === null || !(rateHz > 0 && rateHz < Infinity)) {
    throw bad("param.sf", rateHz, "a rate in Hz");
  }
  const odd = firstNonFinite(samples);
  if (odd >= 0) {
    throw bad(`samples(${odd + 1})`, samples[odd], "a finite number");
  }
  return { samples, rateHz };

  function bad(field: string, value: unknown, rule: string): RecordingError {
    return new RecordingError(
      `Cannot read stimulus: stimulus.${field} is ${value}, expected ${rule}`,
      { archive: archive.name, member },
    );
  }
}

interface StimulusFile {
  readonly category: string;
  readonly idx: number;
  readonly member: string;
}

function stimulusFiles(archive: Archive): StimulusFile[] {
  return CATEGORIES.flatMap((category) => {
    const pattern = new RegExp(`^wehr/Stimuli/${category}/(\\d+)\\.mat$`);
    return archive.members
      .flatMap(({ path }) => {
        const match = pattern.exec(path);
        return match ? [{ category, idx: Number(match[1]), member: path }] : [];
      })
      .sort((a, b) => a.member < b.member ? -1 : 1);
  });
}

function stimulusFields(
  file: Uint8Array,
  archive: string,
  member: string,
): MatFields {
  const place = { archive, member };
  const { stimulus } = readMat(file, { variables: ["stimulus"], ...place });
  const fields = firstStruct(stimulus);
  if (fields) return fields;
  throw new RecordingError(
    "Cannot read stimulus: there is no struct `stimulus`",
    place,
  );
}

function decoded<Value>(decode: () => Value): Value | DataError {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}
