import { DataError, RecordingError } from "../errors.ts";
import type {
  CellMeta,
  Presentation,
  ReadOptions,
  Response,
  Session,
  Trials,
} from "../session.ts";
import type { Archive } from "./archive/archive.ts";
import type { Loaded, SessionCache } from "./_session_cache.ts";
import type { SharedLoad } from "./_shared_load.ts";
import type { SourceWarnings } from "./_source_warnings.ts";
import { readWehrStimulus, type WehrStimulus } from "./_wehr_stimuli.ts";
import {
  readWehrRepeat,
  readWehrTrial,
  type WehrRepeat,
  type WehrTrial,
} from "./_wehr_trial.ts";

/** What the sessions of one subscription share. */
export interface WehrContext {
  readonly archive: Archive;
  readonly warnings: SourceWarnings;
  readonly stimuli: SharedLoad<ReadonlyMap<string, WehrStimulus>>;
  readonly cache: SessionCache<readonly WehrTrial[]>;
}

/** A folder of trial files: one cell. */
export class WehrSession implements Session {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly #members: readonly string[];
  readonly #context: WehrContext;

  constructor(
    id: string,
    index: number,
    members: readonly string[],
    context: WehrContext,
  ) {
    const [date, , penetration] = id.split("-");
    this.id = id;
    this.cells = [{
      experimenter: "wehr",
      session: id,
      animalId: "mw",
      penetration: Number.parseInt(penetration, 10),
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
    const stimuli = await this.#context.stimuli.get(options.signal);
    const first = new Map<string, WehrTrial>();
    for (const trial of await this.#trials(options)) {
      if (!stimuli.has(trial.description)) {
        this.#context.warnings.warn(
          "unknown-stimulus",
          trial.member,
          `no stimulus file has the description "${trial.description}"`,
        );
      } else if (!first.has(trial.description)) {
        first.set(trial.description, trial);
      }
    }
    return [...first.values()].map((trial) =>
      this.#presentation(trial, stimuli.get(trial.description) as WehrStimulus)
    );
  }

  #presentation(
    { description, durationMs }: WehrTrial,
    { key, meta, member }: WehrStimulus,
  ): Presentation {
    const { archive } = this.#context;
    return {
      stimulus: {
        key,
        meta: { ...meta, durationS: durationMs / 1000 },
        durationMs,
        read: (options = {}) => readWehrStimulus(archive, member, options),
      },
      read: async (options = {}) => {
        const trials = await this.#trials(options);
        return this.#responses(
          trials.filter((trial) => trial.description === description),
        );
      },
    };
  }

  #trials({ signal }: ReadOptions): Promise<readonly WehrTrial[]> {
    const load = (leaving?: AbortSignal): Promise<Loaded<WehrTrial[]>> =>
      this.#load(leaving);
    return this.#context.cache.get(this.id, load, signal);
  }

  async #load(signal?: AbortSignal): Promise<Loaded<WehrTrial[]>> {
    const { archive } = this.#context;
    const trials: WehrTrial[] = [];
    let bytes = 0;
    for (const member of this.#members) {
      const file = await archive.read(member, { signal });
      const place = { archive: archive.name, member };
      const trial = this.#unlessUndecodable(
        member,
        () => readWehrTrial(file, place),
      );
      if (trial === null) continue;
      trials.push(trial);
      bytes += file.length;
    }
    return { value: trials, bytes };
  }

  #responses(trials: readonly WehrTrial[]): Trials {
    const repeats = trials.flatMap((trial) => {
      const repeat = this.#unlessUndecodable(
        trial.member,
        () => readWehrRepeat(trial, this.#context.archive.name),
      );
      return repeat === null ? [] : [{ ...repeat, member: trial.member }];
    });
    return {
      responses: [repeats.length === 0 ? null : this.#response(repeats)],
      tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
    };
  }

  #response(
    repeats: readonly (WehrRepeat & { readonly member: string })[],
  ): Response {
    const [{ rateHz, scale }] = repeats;
    const odd = repeats.find((repeat) => repeat.rateHz !== rateHz);
    if (odd) {
      throw new RecordingError(
        `Cannot read trials: response.sf is ${odd.rateHz}, expected ${rateHz} ` +
          "as in the first repeat",
        { archive: this.#context.archive.name, member: odd.member },
      );
    }
    const oneScale = repeats.every((repeat) => repeat.scale === scale);
    return {
      kind: "raw",
      rateHz,
      scale: oneScale ? scale : 1,
      repeats: repeats.map((repeat) =>
        oneScale ? repeat.samples : scaled(repeat)
      ),
    };
  }

  #unlessUndecodable<Value>(
    member: string,
    decode: () => Value,
  ): Value | null {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof DataError) || error instanceof RecordingError) {
        throw error;
      }
      this.#context.warnings.warn("undecodable", member, error.message, error);
      return null;
    }
  }
}

function scaled({ samples, scale }: WehrRepeat): Float64Array {
  return Float64Array.from(samples, (sample) => sample * scale);
}
