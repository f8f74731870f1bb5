import type {
  CellMeta,
  CellResponse,
  Presentation,
  ReadOptions,
  Session,
  Trials,
} from "../../session.ts";
import { ArchiveError } from "../../errors.ts";
import { Budget } from "../../base/limits.ts";
import { withLineage } from "../../stream/lineage.ts";
import type { SessionCache } from "../shared/session_cache.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { BAND_RANGE_HZ, BANDS, type LoadedStimulus } from "./_arrays.ts";
import type { WingertSounds } from "./_sounds.ts";
import { type LoadedRecording, loadRecording } from "./_load.ts";
import { type Epoch, rasterized, RATE_HZ } from "./_epochs.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";
import { removeIndex } from "./_session_index.ts";

/** Which stimuli: all, or those of one part of the experiment. */
export type WingertSubset = "all" | "est" | "val";

/** Parts that the sessions of one subscription share. */
export interface WingertContext {
  readonly release: WingertRelease;
  readonly warnings: SourceWarnings;
  readonly cache: SessionCache<LoadedRecording>;
  /** Sounds that take the place of the spectrograms. */
  readonly sounds?: WingertSounds | undefined;
  /** Folder of the session index, if not the usual one. */
  readonly indexFolder?: string | undefined;
}

/** Parts of a session, structured-cloneable. */
export interface WingertSessionParts {
  readonly id: string;
  readonly stored: StoredRecording;
  /** Cells that the recording lists, as the session index has them. */
  readonly channels: readonly string[];
  readonly cells: readonly CellMeta[];
  readonly cellNumbers: readonly number[];
  readonly subset: WingertSubset;
}

const DT_MS = 1000 / RATE_HZ;
/** Lengths of the stimuli of the release, in bins. */
const USUAL_BINS = [2000, 2200];

/** Session of one recording, with the cells that were asked for. */
export function wingertSession(
  parts: WingertSessionParts,
  context: WingertContext,
): Session {
  const { cellNumbers, subset } = parts;
  return withLineage(new WingertSession(parts, context), {
    cellNumbers,
    ...(subset !== "all" && {
      whole: wingertSession({ ...parts, subset: "all" }, context),
    }),
  });
}

class WingertSession implements Session {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly #parts: WingertSessionParts;
  readonly #context: WingertContext;

  constructor(parts: WingertSessionParts, context: WingertContext) {
    this.id = parts.id;
    this.cells = parts.cells;
    this.#parts = parts;
    this.#context = context;
  }

  async presentations(
    { signal }: ReadOptions = {},
  ): Promise<readonly Presentation[]> {
    const recording = await this.#recording(signal);
    this.#warnOf(recording);
    const { subset } = this.#parts;
    const names = [...recording.stimuli.keys()].filter((name) =>
      subset === "all" || subset === subsetOf(name)
    );
    const unread = new Set(names);
    return names.map((name) => {
      const { bins } = recording.stimuli.get(name) as LoadedStimulus;
      return this.#presentation(name, bins, unread);
    });
  }

  #presentation(
    name: string,
    bins: number,
    unread: Set<string>,
  ): Presentation {
    return {
      dtMs: DT_MS,
      stimulus: {
        key: `${this.id}/${name}`,
        meta: {
          name,
          session: this.id,
          subset: subsetOf(name),
          id: `${this.id}/${name}`,
        },
        durationMs: bins * DT_MS,
        read: async ({ signal } = {}) => {
          const { sounds } = this.#context;
          if (sounds) return await sounds.read(name, bins, { signal });
          const { stimuli } = await this.#recording(signal);
          const { data } = stimuli.get(name) as LoadedStimulus;
          const shape = [1, BANDS, bins];
          return { data, shape, dtMs: DT_MS, bandRangeHz: BAND_RANGE_HZ };
        },
      },
      read: async ({ signal } = {}) => {
        const recording = await this.#recording(signal);
        // A second pass keeps the recording that it loads again.
        const isLast = unread.delete(name) && unread.size === 0;
        if (isLast) this.#context.cache.spend(this.id);
        const { epochs } = recording;
        return this.#trials(epochs.get(name) ?? [], bins, recording);
      },
    };
  }

  #recording(signal?: AbortSignal): Promise<LoadedRecording> {
    const { cache, release, sounds } = this.#context;
    const form = sounds ? "waveform" : "spectrogram";
    const { id, cells, stored } = this.#parts;
    const wanted = new Set(cells.map(({ cellId }) => String(cellId)));
    return cache.get(id, async (signal) => {
      const options = { signal };
      const loaded = await loadRecording(
        release,
        stored,
        wanted,
        form,
        options,
      );
      await this.#checkChannels(loaded.value);
      return loaded;
    }, signal);
  }

  /** Refuses a recording that another one has replaced since it was indexed. */
  async #checkChannels({ channels, places }: LoadedRecording): Promise<void> {
    const { id, channels: indexed } = this.#parts;
    const isSame = channels.length === indexed.length &&
      channels.every((cell, at) => cell === indexed[at]);
    if (isSame) return;
    const { release, indexFolder } = this.#context;
    await removeIndex(release, indexFolder);
    throw new ArchiveError(
      `Cannot read session ${id}: the recording lists other cells than ` +
        "before, so it was replaced; subscribe again",
      places.channels,
    );
  }

  #trials(
    epochs: readonly Epoch[],
    bins: number,
    { spikes, places }: LoadedRecording,
  ): Trials {
    const { limits } = this.#context.release.archive;
    const budget = new Budget("read trials", limits, "readBytes");
    const responses = this.cells.map(({ cellId }): CellResponse | null => {
      const times = spikes.get(String(cellId));
      if (times === undefined || epochs.length === 0) return null;
      budget.take(4 * bins * epochs.length, places.epochs);
      return {
        kind: "spikes",
        unit: "spikes",
        rateHz: RATE_HZ,
        dtMs: DT_MS,
        scale: 1,
        repeats: epochs.map((epoch) => rasterized(times, epoch, bins)),
      };
    });
    return { responses, tally: { range: 0, step: 0, xcorr: 0, kept: 0 } };
  }

  #warnOf({ epochs, stimuli, places }: LoadedRecording): void {
    const { warnings } = this.#context;
    for (const name of epochs.keys()) {
      if (!name.startsWith("STIM_") || stimuli.has(name)) continue;
      const text = `no stimulus is named "${name}"`;
      warnings.warn("unknown-stimulus", places.epochs, text, { item: name });
    }
    for (const [name, { bins }] of stimuli) {
      if (USUAL_BINS.includes(bins)) continue;
      const text = `${name} has ${bins} bins, not ${USUAL_BINS.join(" or ")}`;
      warnings.warn("unusual-length", places.stimuli, text, { item: name });
    }
  }
}

/** Part of the experiment to which a stimulus belongs. */
function subsetOf(name: string): "est" | "val" {
  return name.startsWith("STIM_00") ? "val" : "est";
}
