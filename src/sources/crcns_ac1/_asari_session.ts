import type {
  CellMeta,
  Presentation,
  ReadOptions,
  Session,
} from "../../session.ts";
import type { Ac1Context } from "./_context.ts";
import { rawTrials } from "./_trace.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import {
  type AsariFile,
  type AsariOrigin,
  readAsariFile,
} from "./_asari_file.ts";
import type { AsariFolder } from "./_asari_folders.ts";
import { type AsariRepeat, asariRepeats } from "./_asari_repeats.ts";
import { type AsariStimulus, readAsariStimulus } from "./_asari_stimulus.ts";
import { Budget } from "../../base/limits.ts";
import type { OneAtATime } from "../../base/turns.ts";
import type { Loaded } from "../shared/session_cache.ts";
import { unlessUndecodable } from "../shared/warnings.ts";

/** Parts that the Asari sessions of one subscription share. */
export interface AsariContext extends Ac1Context {
  /** Paths of all members of the release's tree. */
  readonly paths: ReadonlySet<string>;
  /** Recordings take some 10 MB each: one is in memory at a time. */
  readonly recordings: OneAtATime;
}

/** Session of one cell: a folder of recording files. */
export class AsariSession implements Session {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly #folder: AsariFolder;
  /** Keys of presentations that are listed and not read yet. */
  #unread = new Set<string>();
  readonly #origin: AsariOrigin;
  readonly #context: AsariContext;

  constructor(
    folder: AsariFolder,
    origin: AsariOrigin,
    context: AsariContext,
  ) {
    const [date = "", animalId = "", penetration = ""] = folder.id.split("-");
    this.id = folder.id;
    this.cells = [{
      experimenter: "asari",
      session: folder.id,
      animalId,
      penetration: /^\d{1,9}$/.test(penetration)
        ? Number(penetration)
        : penetration,
      date,
      ...origin,
      species: "rat",
    }];
    this.#folder = folder;
    this.#origin = origin;
    this.#context = context;
  }

  async presentations(
    options: ReadOptions = {},
  ): Promise<readonly Presentation[]> {
    const first = new Map<string, AsariStimulus>();
    for (const { stimulus } of await this.#repeats(options)) {
      if (!first.has(stimulus.key)) first.set(stimulus.key, stimulus);
    }
    this.#unread = new Set(first.keys());
    return [...first.values()].map((stimulus) => this.#presentation(stimulus));
  }

  #presentation(stimulus: AsariStimulus): Presentation {
    const { archive } = this.#context;
    const { key, meta, durationMs, members } = stimulus;
    return {
      stimulus: {
        key,
        meta,
        durationMs,
        read: (options = {}) => readAsariStimulus(archive, members, options),
      },
      read: async (options = {}) => {
        const repeats = await this.#repeats(options);
        // A second pass keeps the repeats that it loads again.
        const isLast = this.#unread.delete(key) && this.#unread.size === 0;
        if (isLast) this.#context.cache.spend(this.#folder.path);
        return rawTrials(
          repeats.filter((repeat) => repeat.stimulus.key === key),
          archive.limits,
        );
      },
    };
  }

  #repeats({ signal }: ReadOptions): Promise<readonly AsariRepeat[]> {
    return this.#context.cache.get(
      this.#folder.path,
      (signal) => this.#load(signal),
      signal,
    );
  }

  async #load(signal?: AbortSignal): Promise<Loaded<AsariRepeat[]>> {
    const { archive, recordings } = this.#context;
    const repeats: AsariRepeat[] = [];
    const act = `read session ${this.id}`;
    const budget = new Budget(act, archive.limits, "sessionBytes");
    archive.expect(this.#folder.members);
    for (const member of this.#folder.members) {
      const cut = await recordings.run(async () => {
        const file = await archive.read(member, { signal });
        return this.#cut(file, archive.locate(member), budget);
      }, { signal });
      for (const repeat of cut) repeats.push(repeat);
    }
    const bytes = repeats.reduce((sum, r) => sum + r.samples.byteLength, 0);
    return { value: repeats, bytes };
  }

  #cut(
    bytes: Uint8Array,
    place: MemberPlace,
    budget: Budget,
  ): AsariRepeat[] {
    const { archive, warnings } = this.#context;
    const repeats = unlessUndecodable(warnings, place, () => {
      const file = readAsariFile(
        bytes,
        place,
        archive.limits,
        budget,
        this.#context.warnings,
      );
      if (file === null) return [];
      this.#compareOrigin(file, place);
      const folder = this.#folder.path;
      return asariRepeats(file, place, { ...this.#context, folder, budget });
    });
    return repeats ?? [];
  }

  #compareOrigin({ origin }: AsariFile, place: MemberPlace): void {
    const { site, recordingType } = this.#origin;
    if (
      origin === null ||
      origin.site === site && origin.recordingType === recordingType
    ) return;
    this.#context.warnings.warn(
      "unlike-recordings",
      place,
      `it says ${origin.site}, "${origin.recordingType}", the session's ` +
        `first file ${site}, "${recordingType}"`,
    );
  }
}
