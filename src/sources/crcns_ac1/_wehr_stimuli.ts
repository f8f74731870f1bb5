import { ArchiveError } from "../../errors.ts";
import type { ReadOptions, StimMeta, Waveform } from "../../session.ts";
import type { Archive } from "../../archive/archive.ts";
import { freeArray } from "../../base/sole_owner.ts";
import { SharedLoad } from "../../base/shared_load.ts";
import type { Ac1Context } from "./_context.ts";
import { firstStruct, type MatFields, textOf } from "./_mat_fields.ts";
import { stimulusFields, waveformOf } from "./_stimulus_files.ts";
import { type Descriptions, StimulusIndex } from "./_stimulus_index.ts";
import { unlessUndecodable } from "../shared/warnings.ts";

/** Stimulus of the release, and the member that holds it. */
export interface WehrStimulus {
  readonly key: string;
  readonly member: string;
  readonly meta: StimMeta;
  readonly description: string;
}

interface StimulusFile {
  readonly category: string;
  readonly idx: number;
  readonly member: string;
  readonly size: number;
}

interface Kept {
  readonly fields: MatFields;
  readonly bytes: number;
}

interface Described {
  readonly stimuli: ReadonlyMap<string, WehrStimulus>;
  /** Also of files that cannot be decoded: null. */
  readonly descriptions: Descriptions;
}

/**
 * Stimulus files of a release. Trials name them by their descriptions, which an
 * index beside the cache keeps: a release without one is read to the end of each
 * description, and the waveforms found on the way stay in memory until they are
 * read, as far as the cache has room.
 */
export class WehrStimuli {
  readonly #context: Ac1Context;
  readonly #files: readonly StimulusFile[];
  readonly #index: StimulusIndex;
  readonly #described: SharedLoad<Described>;
  readonly #announced = new Set<string>();
  readonly #kept = new Map<string, Kept>();
  #keeps = false;

  /** Whether another thread reads the descriptions. */
  readonly areDescribedElsewhere: boolean;

  /** @param known Descriptions that another thread reads. */
  constructor(context: Ac1Context, known?: Promise<Descriptions>) {
    this.areDescribedElsewhere = known !== undefined;
    const { archive, indexFolder } = context;
    this.#context = context;
    this.#files = stimulusFiles(archive);
    const bytes = this.#files.reduce((sum, { size }) => sum + size, 0);
    this.#index = new StimulusIndex(archive, indexFolder, bytes);
    this.#described = new SharedLoad((signal) =>
      this.#describeAll(known, signal)
    );
  }

  /** Stimuli by their descriptions; of files with the same one, the first. */
  async byDescription(
    { signal }: ReadOptions,
  ): Promise<ReadonlyMap<string, WehrStimulus>> {
    this.#keeps = true;
    return (await this.#described.get(signal)).stimuli;
  }

  /** Descriptions for another thread, which reads the stimuli. */
  async descriptions({ signal }: ReadOptions): Promise<Descriptions> {
    return (await this.#described.get(signal)).descriptions;
  }

  /** Announces stimuli that will be read at about the same time. */
  expect(stimuli: readonly WehrStimulus[]): void {
    const members = stimuli.map(({ member }) => member)
      .filter((member) => !this.#announced.has(member));
    this.#announce(members, 1);
  }

  /**
   * Reads a waveform, as stored.
   *
   * @throws {ArchiveError} If the file has another description than the index.
   */
  async read(
    { member, description }: WehrStimulus,
    { signal }: ReadOptions,
  ): Promise<Waveform> {
    signal?.throwIfAborted();
    const { archive } = this.#context;
    const place = archive.locate(member);
    const kept = this.#take(member);
    const file = kept ? null : await archive.read(member, { signal });
    const fields = kept ??
      stimulusFields(file as Uint8Array, place, archive.limits);
    const found = descriptionOf(fields);
    if (found !== description) {
      await this.#index.remove();
      throw new ArchiveError(
        `Cannot read stimulus: its description is ${JSON.stringify(found)}, ` +
          `and was ${JSON.stringify(description)} before, so it was ` +
          "replaced; subscribe again",
        place,
      );
    }
    const waveform = waveformOf(fields, place, archive.limits);
    if (file && file.buffer !== waveform.samples.buffer) freeArray(file);
    return waveform;
  }

  async #describeAll(
    known: Promise<Descriptions> | undefined,
    signal: AbortSignal,
  ): Promise<Described> {
    const stored = await (known ?? this.#index.read());
    const all = new Map<string, string | null>();
    const stimuli = new Map<string, WehrStimulus>();
    const unknown = this.#files.filter(({ member }) => !stored.has(member));
    this.#expectUnknown(unknown);
    const undecodable = new Set<string>();
    for (const file of this.#files) {
      const { member } = file;
      let description = stored.get(member);
      let fields: MatFields | null = null;
      if (description === undefined) {
        fields = await this.#fields(member, signal);
        if (fields === null) undecodable.add(member);
        description = fields && descriptionOf(fields);
      }
      all.set(member, description);
      if (description === null) continue;
      const isFirst = this.#add(stimuli, file, description);
      if (fields !== null) this.#keepOrFree(member, fields, isFirst);
    }
    if (known === undefined && unknown.length > undecodable.size) {
      const sound = [...all].filter(([member]) => !undecodable.has(member));
      await this.#index.write(new Map(sound));
    }
    return { stimuli, descriptions: all };
  }

  /** Fields of a file; null, with a warning, if it cannot be decoded. */
  async #fields(
    member: string,
    signal: AbortSignal,
  ): Promise<MatFields | null> {
    const { archive, warnings } = this.#context;
    const file = await archive.read(member, { signal });
    const place = archive.locate(member);
    return unlessUndecodable(
      warnings,
      place,
      () => stimulusFields(file, place, archive.limits),
    );
  }

  #add(
    stimuli: Map<string, WehrStimulus>,
    { category, idx, member }: StimulusFile,
    description: string,
  ): boolean {
    const { archive, warnings } = this.#context;
    const first = stimuli.get(description);
    if (first) {
      const message = `"${description}" is already ${first.member}`;
      warnings.warn("duplicate-stimulus", archive.locate(member), message);
      return false;
    }
    const meta = { experimenter: "wehr", category, idx, description };
    const key = `wehr/${category}/${idx}`;
    stimuli.set(description, { key, member, meta, description });
    return true;
  }

  /** Once for their descriptions, and again for waveforms that are not kept. */
  #expectUnknown(files: readonly StimulusFile[]): void {
    let bytes = 0;
    const fits = ({ size }: StimulusFile): boolean =>
      (bytes += size) <= this.#context.cache.reservable;
    const kept = this.#keeps ? files.filter(fits) : [];
    const others = files.slice(kept.length);
    this.#announce(kept.map(({ member }) => member), 1);
    this.#announce(others.map(({ member }) => member), this.#keeps ? 2 : 1);
  }

  #announce(members: readonly string[], reads: number): void {
    for (const member of members) this.#announced.add(member);
    this.#context.archive.expect(members, reads);
  }

  #keepOrFree(member: string, fields: MatFields, isUseful: boolean): void {
    const samples = fields.sample ?? fields.samples;
    if (samples?.type !== "numeric") return;
    const bytes = samples.data.buffer.byteLength;
    if (isUseful && this.#keeps && this.#context.cache.reserve(bytes)) {
      this.#kept.set(member, { fields, bytes });
    } else {
      freeArray(samples.data);
    }
  }

  /** A waveform is kept for one read: a sink reads a stimulus once. */
  #take(member: string): MatFields | undefined {
    const kept = this.#kept.get(member);
    if (kept === undefined) return undefined;
    this.#kept.delete(member);
    this.#context.cache.release(kept.bytes);
    return kept.fields;
  }
}

function descriptionOf({ param }: MatFields): string | null {
  return textOf(firstStruct(param)?.description);
}

const CATEGORIES = ["fragments", "category1", "category2", "category3"];

function stimulusFiles(archive: Archive): StimulusFile[] {
  return CATEGORIES.flatMap((category) => {
    const pattern = new RegExp(`^wehr/Stimuli/${category}/(\\d{1,9})\\.mat$`);
    return archive.members
      .flatMap(({ path, size }) => {
        const match = pattern.exec(path);
        return match
          ? [{ category, idx: Number(match[1]), member: path, size }]
          : [];
      })
      .sort((a, b) => a.member < b.member ? -1 : 1);
  });
}
