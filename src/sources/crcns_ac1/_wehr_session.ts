import type {
  CellMeta,
  Presentation,
  ReadOptions,
  Session,
} from "../../session.ts";
import type { Ac1Context } from "./_context.ts";
import {
  type Ac1Repeat,
  type Ac1Timing,
  cutRepeat,
  playedDescription,
  playedTiming,
  rawTrials,
  readAc1Trace,
} from "./_trace.ts";
import { givingAway } from "../../base/sole_owner.ts";
import { oneAhead } from "../../base/turns.ts";
import type { WehrStimuli, WehrStimulus } from "./_wehr_stimuli.ts";
import type { Loaded } from "../shared/session_cache.ts";
import { type SourceWarnings, unlessUndecodable } from "../shared/warnings.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import { Budget, type Limits } from "../../base/limits.ts";
import { listMatVariables } from "../../formats/mat/mat.ts";
import type { MatVariable } from "../../formats/mat/value.ts";
import { firstStruct, variableNamed } from "./_mat_fields.ts";

/** Highest band of the published spectrograms; some sounds are at 44.1 kHz. */
const PUBLISHED_FMAX_HZ = 45_000;

// The second is a spelling of the release.
const KEPT_TYPES = ["naturalsound", "nauralsound", "natural"];

/** Trial file: its stimulus, and the recording that is still to be inflated. */
export interface WehrTrial extends Ac1Timing {
  readonly place: MemberPlace;
  readonly description: string;
  readonly response: MatVariable | undefined;
  /** Bytes of the file, which numbers that are not compressed are views of. */
  readonly stored: ArrayBufferLike;
}

/**
 * Reads the stimulus of a trial file, without inflating its trace.
 *
 * @returns Null if it holds no natural sound.
 * @throws {FormatError} If the file cannot be decoded.
 * @throws {RecordingError} If onset or duration is no finite number.
 */
export function readWehrTrial(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
  warnings: SourceWarnings,
): WehrTrial | null {
  const variables = listMatVariables(file, { ...place, limits });
  const named = (name: string): MatVariable | undefined =>
    variableNamed(variables, name, place, warnings);
  const trigger = firstStruct(named("triggers")?.read());
  const description = playedDescription(trigger, KEPT_TYPES);
  if (description === null) return null;
  return {
    place,
    description,
    ...playedTiming(trigger, "triggers", place),
    response: named("response"),
    stored: file.buffer,
  };
}

/** Parts that the Wehr sessions of one subscription share. */
export interface WehrContext extends Ac1Context {
  readonly stimuli: WehrStimuli;
}

/** Session of one cell: a folder of trial files. */
export class WehrSession implements Session {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly #members: readonly string[];
  /** Descriptions of presentations that are listed and not read yet. */
  #unread = new Set<string>();
  readonly #context: WehrContext;

  constructor(
    id: string,
    index: number,
    members: readonly string[],
    context: WehrContext,
  ) {
    const [date = "", , penetration = ""] = id.split("-");
    this.id = id;
    this.cells = [{
      experimenter: "wehr",
      session: id,
      animalId: "mw",
      penetration: /^\d{1,9}(?!\d)/.test(penetration)
        ? Number.parseInt(penetration, 10)
        : penetration,
      date,
      site: "A1",
      recordingType: "whole-cell",
      species: "rat",
      wehrCellIdx: index,
    }];
    this.#members = members;
    this.#context = context;
  }

  async presentations(
    options: ReadOptions = {},
  ): Promise<readonly Presentation[]> {
    const { stimuli: files, warnings } = this.#context;
    const described = files.byDescription(options);
    // Another thread reads the descriptions meanwhile; here they come first, since
    // one request then fetches the stimuli and the trials behind them.
    if (!files.areDescribedElsewhere) await described;
    const [stimuli, trials] = await Promise.all([
      described,
      this.#trials(options),
    ]);
    const heard = new Map<WehrStimulus, WehrTrial>();
    for (const trial of trials) {
      const stimulus = stimuli.get(trial.description);
      if (stimulus === undefined) {
        warnings.warn(
          "unknown-stimulus",
          trial.place,
          `no stimulus file has the description "${trial.description}"`,
        );
      } else if (!heard.has(stimulus)) {
        heard.set(stimulus, trial);
      }
    }
    files.expect([...heard.keys()]);
    this.#unread = new Set(
      Array.from(heard.keys(), ({ description }) => description),
    );
    return Array.from(
      heard,
      ([stimulus, trial]) => this.#presentation(trial, stimulus),
    );
  }

  #presentation(
    { description, durationMs }: WehrTrial,
    stimulus: WehrStimulus,
  ): Presentation {
    const { archive, stimuli } = this.#context;
    const { key, meta } = stimulus;
    return {
      stimulus: {
        key,
        meta: { ...meta, durationS: durationMs / 1000 },
        durationMs,
        read: givingAway(async (options: ReadOptions = {}) => {
          const waveform = await stimuli.read(stimulus, options);
          return waveform.rateHz / 2 < PUBLISHED_FMAX_HZ
            ? { ...waveform, aliases: "published" }
            : waveform;
        }),
      },
      read: givingAway(async (options: ReadOptions = {}) => {
        const trials = await this.#trials(options);
        const heard = trials.filter((t) => t.description === description);
        const act = `read trials of ${this.id}`;
        const budget = new Budget(act, archive.limits, "readBytes");
        const read = rawTrials(
          heard.flatMap((trial) => this.#repeat(trial, budget)),
          archive.limits,
        );
        // A second pass keeps the trials that it loads again.
        const isLast = this.#unread.delete(description) &&
          this.#unread.size === 0;
        if (isLast) this.#context.cache.spend(this.#cacheKey);
        return read;
      }),
    };
  }

  #repeat(trial: WehrTrial, budget: Budget): Ac1Repeat[] {
    const { place } = trial;
    const repeat = unlessUndecodable(this.#context.warnings, place, () => {
      const trace = readAc1Trace(trial.response, place);
      // The repeat is a view of it.
      budget.take(trace.samples.byteLength, place);
      const cut = cutRepeat(trace, trial, place);
      // The file stays in the cache.
      const samples = cut.buffer === trial.stored ? cut.slice() : cut;
      return { ...trace, samples, place };
    });
    return repeat === null ? [] : [repeat];
  }

  #trials({ signal }: ReadOptions): Promise<readonly WehrTrial[]> {
    return this.#context.cache.get(
      this.#cacheKey,
      (signal) => this.#load(signal),
      signal,
    );
  }

  get #cacheKey(): string {
    return `wehr/${this.id}`;
  }

  async #load(signal?: AbortSignal): Promise<Loaded<WehrTrial[]>> {
    const { archive, warnings } = this.#context;
    const trials: WehrTrial[] = [];
    let bytes = 0;
    const act = `read session ${this.id}`;
    const budget = new Budget(act, archive.limits, "sessionBytes");
    archive.expect(this.#members);
    const files = oneAhead(
      this.#members,
      (member) => archive.read(member, { signal }),
    );
    for await (const [member, file] of files) {
      const place = archive.locate(member);
      const trial = unlessUndecodable(
        warnings,
        place,
        () => readWehrTrial(file, place, archive.limits, warnings),
      );
      if (trial === null) continue;
      budget.take(file.length, place);
      trials.push(trial);
      bytes += file.length;
    }
    return { value: trials, bytes };
  }
}
