import type { MatFieldsInput } from "../mat/mat_writer.ts";
import { matMember, reversed, waveformArray } from "./member.ts";
import type { SyntheticLedger } from "./ledger.ts";
import type { SyntheticPlan } from "./plan.ts";
import { SyntheticRandom } from "../shared/random.ts";
import {
  STIMULUS_HZ,
  type SyntheticLevels,
  syntheticLevels,
  syntheticWaveform,
} from "./sound.ts";
import type { SyntheticMember } from "../shared/zip.ts";

/** Segments of sound, by their path below `asari/Stimuli`. */
export type SyntheticSequence = readonly string[];

/** Paths of all segments; one ends in a letter, as some real ones do. */
export function asariSegments({ asari }: SyntheticPlan): string[] {
  return Array.from(
    { length: asari.classes * asari.segmentsPerClass },
    (_, i) => {
      const segment = i % asari.segmentsPerClass + 1;
      const classN = Math.floor(i / asari.segmentsPerClass) + 1;
      const letter = classN === 3 && segment === 3 ? "l" : "";
      return `class${classN}/${segment}${letter}.mat`;
    },
  );
}

/** Sequences of the release; every third one mixes classes. */
export function asariSequences(plan: SyntheticPlan): SyntheticSequence[] {
  const random = new SyntheticRandom(plan.seed, "asari/sequences");
  const segments = asariSegments(plan);
  const { sequences, segmentsPerSequence, segmentsPerClass } = plan.asari;
  return Array.from({ length: sequences }, (_, i) => {
    const classes = segments.length / segmentsPerClass;
    const first = i % classes * segmentsPerClass;
    const among = i % 3 === 2
      ? segments
      : segments.slice(first, first + segmentsPerClass);
    return Array.from(
      { length: segmentsPerSequence },
      () => random.pick(among),
    );
  });
}

/** Draws the levels of a segment; every call draws the same. */
export function asariLevels(
  { seed, asari }: SyntheticPlan,
  segment: string,
): SyntheticLevels {
  const random = new SyntheticRandom(seed, `asari/levels/${segment}`);
  return syntheticLevels(random, asari.segmentMs);
}

/** Files below `asari/Stimuli`. */
export function* asariStimulusMembers(
  plan: SyntheticPlan,
  ledger: SyntheticLedger,
): Generator<SyntheticMember> {
  for (const [number, segment] of asariSegments(plan).entries()) {
    const path = `asari/Stimuli/${segment}`;
    if (!/\d\.mat$/.test(segment)) ledger.record("suffixed-path", path);
    yield matMember(path, number, () => {
      const random = new SyntheticRandom(plan.seed, path);
      const levels = asariLevels(plan, segment);
      const samples = waveformArray(
        syntheticWaveform(random, levels, false),
        number,
      );
      const param = {
        description: segment.replace("/", " ").replace(/\D?\.mat$/, ""),
        sf: STIMULUS_HZ,
      };
      const stimulus: MatFieldsInput = number % 4 === 3
        ? { samples, param }
        : { sample: samples, param };
      return { stimulus: number % 5 === 1 ? reversed(stimulus) : stimulus };
    });
  }
}
