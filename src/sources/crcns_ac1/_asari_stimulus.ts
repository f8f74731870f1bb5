import { RecordingError } from "../../errors.ts";
import type {
  ReadOptions,
  Samples,
  StimMeta,
  Waveform,
} from "../../session.ts";
import { Budget } from "../../base/limits.ts";
import { readAc1Waveform } from "./_stimulus_files.ts";
import type { Archive } from "../../archive/archive.ts";
import { ASARI_STIMULI } from "./_asari_folders.ts";
import { roundHalfEven } from "../../base/numbers.ts";

/**
 * Fades a waveform in and out with a squared sine.
 *
 * - In: `[n]`, any unit, not written to. Out: `[n]` in float64.
 * - The ramp has `round(rampMs * rateHz / 1000)` samples, one at least, and at
 *   most half of the waveform; sample `i` of it is weighted with
 *   `sin(pi / 2 * i / ramp) ** 2`, the last ones mirrored.
 * - Source: Asari and Zador 2009, J. Neurophysiol. 102:2638.
 */
export function cosineRamped(
  samples: Samples,
  rateHz: number,
  rampMs: number,
): Float64Array {
  const ramped = Float64Array.from(samples);
  const wanted = Math.max(1, roundHalfEven(rampMs * rateHz / 1000));
  const ramp = Math.min(wanted, Math.floor(ramped.length / 2));
  for (let i = 0; i < ramp; i++) {
    const weight = Math.sin(0.5 * Math.PI * (i / ramp)) ** 2;
    const last = ramped.length - 1 - i;
    ramped[i] = (ramped[i] as number) * weight;
    ramped[last] = (ramped[last] as number) * weight;
  }
  return ramped;
}

const RAMP_MS = 5;
const MOST_APART_HZ = 1;

/** Sequence of segments that a trigger played. */
export interface AsariStimulus {
  /** The same for the same segment files, however a table spells them. */
  readonly key: string;
  /** Paths of the segment files in the release's tree, in order. */
  readonly members: readonly string[];
  readonly durationMs: number;
  readonly meta: StimMeta;
}

/**
 * Makes the stimulus that a trigger played.
 *
 * @param files Segment files as the recording's table spells them.
 */
export function asariStimulus(
  files: readonly string[],
  { segments, description, durationMs }: {
    readonly segments: readonly number[];
    readonly description: string;
    readonly durationMs: number;
  },
): AsariStimulus {
  const paths = files.map((file) =>
    file.replaceAll("\\", "/").replace(/^\/+/, "")
  );
  const match = /^class(\d{1,9})\//.exec(paths[0] ?? "");
  const classN = match && Number(match[1]);
  return {
    key: `asari/${paths.join("|")}`,
    members: paths.map((path) => ASARI_STIMULI + path),
    durationMs,
    meta: {
      experimenter: "asari",
      category: classN === null ? "mixed" : `class${classN}`,
      classN,
      segments,
      segmentFiles: files,
      sequence: description,
      description,
      durationS: durationMs / 1000,
    },
  };
}

/**
 * Splices a sequence: segment after segment, each faded in and out.
 *
 * @throws {RecordingError} If their rates are over 1 Hz apart, or a segment
 * cannot be one.
 * @throws {LimitError} If the sequence is longer than the limits allow.
 */
export async function readAsariStimulus(
  archive: Archive,
  members: readonly string[],
  options: ReadOptions,
): Promise<Waveform> {
  const budget = new Budget("splice segments", archive.limits, "readBytes");
  const counts = new Map<string, number>();
  for (const member of members) {
    counts.set(member, (counts.get(member) ?? 0) + 1);
  }
  const segments = new Map<string, Waveform>();
  for (const [member, count] of counts) {
    const { samples, rateHz } = await readAc1Waveform(archive, member, options);
    budget.take(8 * samples.length * count, archive.locate(member));
    const ramped = cosineRamped(samples, rateHz, RAMP_MS);
    segments.set(member, { samples: ramped, rateHz });
  }
  const [{ rateHz } = { rateHz: NaN }] = segments.values();
  for (const [member, segment] of segments) {
    if (Math.abs(segment.rateHz - rateHz) <= MOST_APART_HZ) continue;
    throw new RecordingError(
      `Cannot splice segments: stimulus.param.sf is ${segment.rateHz}, ` +
        `expected ${rateHz} as in the first`,
      archive.locate(member),
    );
  }
  return {
    rateHz,
    samples: concatenated(
      members.map((member) => (segments.get(member) as Waveform).samples),
    ),
  };
}

function concatenated(parts: readonly Waveform["samples"][]): Float64Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Float64Array(length);
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}
