import type {
  CellMeta,
  CellResponse,
  GateTally,
  Presentation,
  ReadOptions,
  Session,
  StimMeta,
  Stimulus,
  Trials,
  Waveform,
} from "../session.ts";
import { lineageOf, withLineage, withStep } from "../stream/lineage.ts";
import { type Tensor, timeBins } from "../tensor.ts";

/** Facts about a response besides its samples. */
export type ResponseForm = Omit<CellResponse, "repeats" | "scale">;

/** Facts about a presentation besides its arrays. */
export interface PresentationFacts {
  readonly key: string;
  readonly durationMs: number;
  readonly meta: StimMeta;
  readonly dtMs?: number;
  /** Bins of its stimulus, once binned. */
  readonly bins?: number;
  /** As {@linkcode Waveform.aliases}. */
  readonly aliases?: "published";
  /** Repeats kept and dropped by the gate; missing if there are none. */
  readonly tally?: GateTally;
  /**
   * Index in {@linkcode SessionFacts.forms} of each cell's response, null for a
   * cell without one; a single value holds for all cells.
   */
  readonly responses: number | null | readonly (number | null)[];
}

/**
 * All that a shard's file does not hold of its session, as JSON can hold it. With
 * both, a merge restores the session.
 */
export interface SessionFacts {
  readonly cells: readonly CellMeta[];
  /** As in the session's lineage. */
  readonly cellNumbers?: readonly number[];
  readonly forms: readonly ResponseForm[];
  readonly presentations: readonly PresentationFacts[];
}

/** A session for the sink that writes a shard, and the facts about it. */
export interface NotedSession {
  /** The same session. Its file holds every stimulus, also without a response. */
  readonly session: Session;
  /** Facts about the session, once the sink has read all of it. */
  facts(): SessionFacts;
}

/** Reads a stimulus in the place of its own method. */
export type StimulusReader = (
  stimulus: Stimulus,
  options?: ReadOptions,
) => Promise<Waveform | Tensor>;

/**
 * Notes, while a sink reads a session, what the sink's file does not hold.
 *
 * @param reader Reads the stimuli.
 */
export function notedSession(
  session: Session,
  reader: StimulusReader = (stimulus, options) => stimulus.read(options),
): NotedSession {
  const { id, cells } = session;
  const { cellNumbers } = lineageOf(session);
  const forms = new Forms();
  let drafts: Draft[] = [];
  const presentations: Session["presentations"] = async (options) => {
    const listed = await session.presentations(options);
    drafts = listed.map(() => ({}));
    return listed.map((presentation, i) =>
      noted(presentation, drafts[i] as Draft, reader)
    );
  };
  const copy = withLineage({ ...session, id, cells, presentations }, {
    everyStimulus: true,
  });
  return {
    session: withStep(copy, session, { name: "toShards", args: [] }),
    facts: () => ({
      cells,
      ...(cellNumbers && { cellNumbers }),
      presentations: drafts.map((draft) => factsOf(draft, cells.length, forms)),
      forms: forms.all,
    }),
  };
}

/** What was noted of a presentation so far. */
interface Draft {
  presentation?: Presentation;
  bins?: number;
  aliases?: "published";
  tally?: GateTally;
  forms?: readonly (ResponseForm | null)[];
}

function noted(
  presentation: Presentation,
  draft: Draft,
  reader: StimulusReader,
): Presentation {
  const { stimulus, dtMs } = presentation;
  const { key, meta, durationMs } = stimulus;
  draft.presentation = presentation;
  const readStimulus: Stimulus["read"] = async (options) => {
    const read = await reader(stimulus, options);
    if ("shape" in read) {
      if (read.dtMs !== undefined) draft.bins = timeBins(read);
    } else if (read.aliases) draft.aliases = read.aliases;
    return read;
  };
  return {
    ...(dtMs !== undefined && { dtMs }),
    stimulus: { key, meta, durationMs, read: readStimulus },
    read: async (options?: ReadOptions): Promise<Trials> => {
      const trials = await presentation.read(options);
      draft.tally = trials.tally;
      draft.forms = trials.responses.map((response) =>
        response && formOf(response)
      );
      return trials;
    },
  };
}

/** The known fields alone: a user's own ones may hold samples. */
function formOf(
  { kind, rateHz, dtMs, unit, detrended }: CellResponse,
): ResponseForm {
  return {
    kind,
    rateHz,
    ...(dtMs !== undefined && { dtMs }),
    ...(unit !== undefined && { unit }),
    ...(detrended && { detrended }),
  };
}

function factsOf(
  { presentation, bins, aliases, tally, forms: own }: Draft,
  cells: number,
  forms: Forms,
): PresentationFacts {
  if (!presentation || !tally || !own) {
    throw new TypeError(
      "Cannot describe shard: a presentation was not read, expected all",
    );
  }
  const { stimulus: { key, meta, durationMs }, dtMs } = presentation;
  const isCounted = Object.values(tally).some((count) => count > 0);
  return {
    key,
    durationMs,
    meta,
    ...(dtMs !== undefined && { dtMs }),
    ...(bins !== undefined && { bins }),
    ...(aliases && { aliases }),
    ...(isCounted && { tally }),
    responses: shortened(own.map((form) => form && forms.indexOf(form)), cells),
  };
}

function shortened(
  indices: readonly (number | null)[],
  cells: number,
): PresentationFacts["responses"] {
  const [first = null] = indices;
  const isOne = indices.length === cells &&
    indices.every((index) => index === first);
  return isOne ? first : indices;
}

/** Distinct forms of responses: a session has one or two. */
class Forms {
  readonly all: ResponseForm[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(form: ResponseForm): number {
    const text = JSON.stringify(form);
    const known = this.#indices.get(text);
    if (known !== undefined) return known;
    this.#indices.set(text, this.all.length);
    return this.all.push(form) - 1;
  }
}
