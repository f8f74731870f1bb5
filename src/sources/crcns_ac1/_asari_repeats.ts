import { type Ac1Repeat, cutRepeat, readAc1Trace } from "./_trace.ts";
import type { Archive, MemberPlace } from "../../archive/archive.ts";
import type { AsariFile, AsariTrigger } from "./_asari_file.ts";
import { type AsariStimulus, asariStimulus } from "./_asari_stimulus.ts";
import { type Budget, type Limits, limitText } from "../../base/limits.ts";
import { LimitError } from "../../errors.ts";
import type { StoredSamples } from "./_mat_fields.ts";
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
  /** Claimed for each sequence and repeat before it is made. */
  readonly budget: Budget;
}

/** Memory of a segment of a sequence, beside the letters of its path. */
const SEGMENT_BYTES = 100;
/** Copies of that path that are kept, and bytes of a letter. */
const PATH_BYTES = 4 * 2;

/**
 * Cuts the repeats out of a recording. The rest of its trace is dropped; without
 * a repeat the trace is not even inflated.
 *
 * @throws {FormatError} If the trace cannot be decoded.
 * @throws {LimitError} If sequences and repeats are more than the limits allow.
 * @throws {RecordingError} If there is no trace, or a sample cannot be one.
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
  const views = heard.map(({ trigger }) =>
    cutRepeat(trace, trigger, place, scope.budget)
  );
  return heard.map(({ stimulus }, i) => ({
    ...trace,
    // A view would keep the whole trace in memory.
    samples: (views[i] as StoredSamples).slice(),
    place,
    stimulus,
  }));
}

function stimulusOf(
  trigger: AsariTrigger,
  { table }: AsariFile,
  place: MemberPlace,
  { folder, archive, paths, warnings, budget }: AsariScope,
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
  checkLength(files as string[], trigger, place, archive.limits, budget);
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

/** Refuses a sequence whose key is longer than a text may be. */
function checkLength(
  files: readonly string[],
  { number }: AsariTrigger,
  place: MemberPlace,
  limits: Limits,
  budget: Budget,
): void {
  const letters = files.reduce((sum, file) => sum + file.length + 1, 0);
  if (letters > limits.textLength) {
    throw new LimitError(
      `Cannot read recording: the paths of sequence ${number} have ${letters} ` +
        `characters: ${limitText(limits, "textLength")}`,
      place,
    );
  }
  budget.take(SEGMENT_BYTES * files.length + PATH_BYTES * letters, place);
}
