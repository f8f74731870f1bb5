import type { MatFieldsInput } from "../mat/mat_writer.ts";
import {
  matMember,
  reversed,
  textMember,
  vector,
  waveformArray,
} from "./member.ts";
import type { SyntheticLedger } from "./ledger.ts";
import type { SyntheticPlan, SyntheticSamples } from "./plan.ts";
import { SyntheticRandom } from "../shared/random.ts";
import {
  STIMULUS_HZ,
  type SyntheticLevels,
  syntheticLevels,
  syntheticWaveform,
} from "./sound.ts";
import type { SyntheticMember } from "../shared/zip.ts";

/** Stimulus of the Wehr half. */
export interface SyntheticWehrStimulus {
  readonly category: string;
  readonly idx: number;
  readonly description: string;
  readonly durationMs: number;
}

/** Description that trials refer to but no indexed stimulus file holds. */
export const UNKNOWN_DESCRIPTION = "a sound that is not in the index";

const CATEGORIES = [
  "fragments",
  "category1",
  "fragments",
  "category2",
  "fragments",
  "category3",
];
const ANIMALS = [
  "jaguar mating call",
  "knudsens frog",
  "canyon wren",
  "bearded manakin",
  "bowhead whale",
  "grey tree frog",
  "marsh crickets",
  "barred owl",
  "sandhill crane",
];
const STREAMS: Readonly<Record<string, string>> = {
  category1: "0-8.0 kHz",
  category2: "0-1.6 kHz",
  category3: "0-22.0 kHz",
};

/** Stimuli of a release, by number. */
export function wehrStimuli(plan: SyntheticPlan): SyntheticWehrStimulus[] {
  const random = new SyntheticRandom(plan.seed, "wehr/stimuli");
  const { durationMs, durationSpread } = plan.wehr;
  return Array.from({ length: plan.wehr.stimuli }, (_, i) => {
    const category = CATEGORIES[i % CATEGORIES.length] as string;
    const idx = i + 1;
    return {
      category,
      idx,
      description: describe(category, idx),
      durationMs: Math.round(
        durationMs * random.uniform(1 - durationSpread, 1 + durationSpread) / 5,
      ) * 5,
    };
  });
}

/** Draws the levels of a stimulus; every call draws the same. */
export function wehrLevels(
  seed: number,
  { category, idx, durationMs }: SyntheticWehrStimulus,
): SyntheticLevels {
  const name = `wehr/levels/${category}/${idx}`;
  return syntheticLevels(new SyntheticRandom(seed, name), durationMs);
}

/** Files below `wehr/Stimuli`. */
export function* wehrStimulusMembers(
  { seed, wehr: { samples } }: SyntheticPlan,
  stimuli: readonly SyntheticWehrStimulus[],
  ledger: SyntheticLedger,
): Generator<SyntheticMember> {
  for (const stimulus of stimuli) {
    yield stimulusMember(seed, stimulus, `${stimulus.idx}.mat`, samples);
  }
  const duplicate = stimulusMember(
    seed,
    {
      description: stimuli[0]?.description ?? "",
      category: "category3",
      idx: 900,
      durationMs: 200,
    },
    "900.mat",
  );
  ledger.record("duplicate-stimulus", duplicate.path);
  yield duplicate;
  const named = stimulusMember(
    seed,
    {
      category: "fragments",
      idx: 901,
      description: UNKNOWN_DESCRIPTION,
      durationMs: 200,
    },
    "901-edited.mat",
  );
  ledger.record("no-integer-name", named.path);
  yield named;
  const notes = "wehr/Stimuli/fragments/notes.txt";
  ledger.record("no-integer-name", notes);
  yield textMember(notes, "synthetic sounds\n");
}

function stimulusMember(
  seed: number,
  stimulus: SyntheticWehrStimulus,
  file: string,
  types: SyntheticSamples = "mixed",
): SyntheticMember {
  const { category, idx, description, durationMs } = stimulus;
  const path = `wehr/Stimuli/${category}/${file}`;
  return matMember(path, idx, () => {
    const random = new SyntheticRandom(seed, path);
    const levels = wehrLevels(seed, stimulus);
    const samples = syntheticWaveform(random, levels, true);
    const fields: MatFieldsInput = {
      samples: types === "float"
        ? vector(Float64Array.from(samples), idx)
        : waveformArray(samples, idx),
      param: {
        description,
        sf: STIMULUS_HZ,
        duration: durationMs,
        type: "naturalsound",
      },
    };
    return { stimulus: idx % 4 === 2 ? reversed(fields) : fields };
  });
}

function describe(category: string, idx: number): string {
  const stream = STREAMS[category];
  if (stream) return `natural sound stream (${stream}), No.${idx}`;
  const animal = ANIMALS[idx % ANIMALS.length] as string;
  const take = Math.floor(idx / ANIMALS.length);
  return take === 0 ? animal : `${animal} ${take + 1}`;
}
