import { type Ac1Repeat, cutRepeat, readAc1Trace } from "./_trace.ts";
import type { Archive, MemberPlace } from "../../archive/archive.ts";
import type { AsariFile, AsariTrigger } from "./_asari_file.ts";
import { type AsariStimulus, asariStimulus } from "./_asari_stimulus.ts";
import type { SourceWarnings } from "../shared/warnings.ts";

/** Repeat, cut out of its recording. */
export interface AsariRepeat extends Ac1Repeat {
  readonly stimulus: AsariStimulus;
}

/** Decides which triggers count, and takes warnings of the others. */
export interface AsariScope {
  /** The session's folder in the release's tree. */
  readonly folder: string;
  readonly archive: Archive;
  /** Paths of all members of that tree. */
  readonly paths: ReadonlySet<string>;
  readonly warnings: SourceWarnings;
}

/**
 * Cuts the repeats out of a recording. The rest of its trace is dropped; without
 * a repeat the trace is not even inflated.
 *
 * @throws {FormatError} If the trace cannot be decoded.
 * @throws {RecordingError} If there is no trace, or a repeat holds NaN.
 */
export function asariRepeats(
  file: AsariFile,
  place: MemberPlace,
  scope: AsariScope,
): AsariRepeat[] {
  const heard = file.triggers.flatMap((trigger) => {
    const stimulus = stimulusOf(trigger, file, place, scope);
    return stimulus === null ? [] : [{ trigger, stimulus }];
  });
  if (heard.length === 0) return [];
  const trace = readAc1Trace(file.response, place);
  return heard.map(({ trigger, stimulus }) => ({
    ...trace,
    // A view would keep the whole trace in memory.
    samples: cutRepeat(trace, trigger, place).slice(),
    place,
    stimulus,
  }));
}

function stimulusOf(
  trigger: AsariTrigger,
  { table }: AsariFile,
  place: MemberPlace,
  { folder, archive, paths, warnings }: AsariScope,
): AsariStimulus | null {
  const { number, segments } = trigger;
  const files = segments.map((row) => table[row - 1] ?? null);
  const unknown = segments.find((_, i) => files[i] === null);
  if (unknown !== undefined) {
    const message = `trigger ${number} names row ${unknown} of a table of ` +
      `${table.length} segments`;
    warnings.warn("unknown-segment", place, message, { item: `${number}` });
    return null;
  }
  const stimulus = asariStimulus(files as string[], trigger);
  const missing = stimulus.members.find((member) => !paths.has(member));
  if (missing !== undefined) {
    const message = `${folder} heard "${trigger.description}", of which the ` +
      `release does not hold ${missing}`;
    const item = JSON.stringify([folder, stimulus.key]);
    warnings.warn("missing-segment", archive.locate(missing), message, {
      item,
    });
    return null;
  }
  return stimulus;
}
