import type { ReadOptions, StimMeta } from "../../session.ts";
import type { Ac1Context } from "./_context.ts";
import { stimulusFields } from "./_waveform.ts";
import type { Archive } from "../../archive/archive.ts";
import { firstStruct, textOf } from "./_mat_fields.ts";
import { unlessUndecodable } from "../shared/warnings.ts";

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
    const pattern = new RegExp(`^wehr/Stimuli/${category}/(\\d+)\\.mat$`);
    return archive.members
      .flatMap(({ path }) => {
        const match = pattern.exec(path);
        return match ? [{ category, idx: Number(match[1]), member: path }] : [];
      })
      .sort((a, b) => a.member < b.member ? -1 : 1);
  });
}
