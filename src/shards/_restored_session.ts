import { FormatError } from "../errors.ts";
import type {
  CellMeta,
  CellResponse,
  Presentation,
  ReadOptions,
  Samples,
  Session,
  Stimulus,
  Trials,
  Waveform,
} from "../session.ts";
import {
  type ResponseHead,
  type StimulusHead,
  UNIT_OF_SAMPLES,
} from "../sinks/files/array_record.ts";
import type {
  Stored as StoredArray,
  StoredArrays,
} from "../sinks/files/stored_array.ts";
import { type Lineage, withLineage } from "../stream/lineage.ts";
import { ownRepeats } from "../stream/own_memory.ts";
import { NO_TALLY } from "../stream/tally.ts";
import type { Tensor } from "../tensor.ts";
import type {
  PresentationFacts,
  ResponseForm,
  SessionFacts,
} from "./_session_facts.ts";

/** A session of a place, as far as it is known before its shard is read. */
export interface StoredSession {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly lineage: Lineage;
  /** Name of the shard, as errors give it. */
  readonly shard: string;
  /** Reads the facts about the session. */
  facts(options: ReadOptions): Promise<SessionFacts>;
  /** Runs a task on the arrays of the shard, which is open meanwhile. */
  use<Value>(
    task: (arrays: StoredArrays) => Promise<Value>,
    options: ReadOptions,
  ): Promise<Value>;
  /** Bins to which responses to a stimulus are cut, if the chain masks. */
  binsOf(key: string): number | undefined;
}

/** The session that a shard was made of. */
export function restoredSession(stored: StoredSession): Session {
  const { id, cells, lineage } = stored;
  return withLineage({
    id,
    cells,
    presentations: async (options = {}) =>
      restoredPresentations(stored, await stored.facts(options)),
  }, lineage);
}

/** A presentation, and where its arrays lie in the shard. */
interface Stored {
  readonly facts: PresentationFacts;
  /** Form of each cell's response; null for a cell without one. */
  readonly forms: readonly (ResponseForm | null)[];
  /** Place of the array of its stimulus. */
  readonly stimulus: number;
  /** Place of the first response, or where it would be. */
  readonly first: number;
}

/** Places follow the order of writing: a new stimulus, then the responses to it. */
function restoredPresentations(
  session: StoredSession,
  { presentations, forms }: SessionFacts,
): Presentation[] {
  const stimuli = new Map<string, number>();
  let next = 0;
  return presentations.map((facts) => {
    const stimulus = stimuli.get(facts.key) ?? next++;
    stimuli.set(facts.key, stimulus);
    const own = formsOf(facts, forms, session.cells.length);
    const first = next;
    next += own.filter((form) => form !== null).length;
    return restored({ facts, forms: own, stimulus, first }, session);
  });
}

function restored(stored: Stored, session: StoredSession): Presentation {
  const { facts } = stored;
  const { key, durationMs, meta, dtMs, tally = NO_TALLY } = facts;
  const readStimulus: Stimulus["read"] = (options = {}) =>
    session.use(async (arrays) => {
      const array = await arrays.read(stored.stimulus, options);
      return stimulusOf(array, facts, session);
    }, options);
  return {
    ...(dtMs !== undefined && { dtMs }),
    stimulus: { key, meta, durationMs, read: readStimulus },
    read: async (options = {}): Promise<Trials> => {
      const isSilent = stored.forms.every((form) => form === null);
      const responses = isSilent
        ? stored.forms.map(() => null)
        : await session.use(
          (arrays) => responsesOf(arrays, stored, session, options),
          options,
        );
      return { responses, tally };
    },
  };
}

/** Form of each cell's response; null for a cell without one. */
function formsOf(
  { responses }: PresentationFacts,
  forms: SessionFacts["forms"],
  cells: number,
): (ResponseForm | null)[] {
  const indices = typeof responses === "object" && responses !== null
    ? responses
    : Array.from({ length: cells }, () => responses);
  return indices.map((index) =>
    index === null ? null : forms[index] as ResponseForm
  );
}

async function responsesOf(
  arrays: StoredArrays,
  { facts: { key }, forms, first }: Stored,
  session: StoredSession,
  options: ReadOptions,
): Promise<(CellResponse | null)[]> {
  const responses: (CellResponse | null)[] = [];
  const bins = session.binsOf(key);
  let next = first;
  for (const form of forms) {
    if (form === null) {
      responses.push(null);
      continue;
    }
    const array = await arrays.read(next++, options);
    const { head } = array;
    if (head.type !== "response" || head.key !== key || !("values" in array)) {
      throw mismatchError(head, `a response to ${key}`, session);
    }
    const lengths = lengthsOf(head).map((length) => ({ length }));
    const repeats = ownRepeats(array.values, lengths)
      .map((repeat): Samples => repeat.subarray(0, bins));
    responses.push({ ...form, scale: 1, repeats });
  }
  return responses;
}

function lengthsOf({ shape, lengths = [] }: ResponseHead): readonly number[] {
  if (shape === undefined) return lengths;
  const [repeats = 0, bins = 0] = shape;
  return Array.from({ length: repeats }, () => bins);
}

function stimulusOf(
  array: StoredArray,
  { key, aliases }: PresentationFacts,
  session: StoredSession,
): Waveform | Tensor {
  const { head } = array;
  if (head.type !== "stimulus" || head.key !== key || !("values" in array)) {
    throw mismatchError(head, `stimulus ${key}`, session);
  }
  const { rateHz, samplesPerBin } = head;
  return rateHz === undefined || samplesPerBin !== undefined
    ? tensorOf(head, array.values)
    : { samples: array.values, rateHz, ...(aliases && { aliases }) };
}

function tensorOf(
  { shape, unit, dtMs, samplesPerBin, bandsHz, bandRangeHz }: StimulusHead,
  data: Float32Array,
): Tensor {
  // Files name a unit also for waveforms that have none.
  const isNamed = unit !== undefined &&
    !(samplesPerBin !== undefined && unit === UNIT_OF_SAMPLES);
  return {
    data,
    shape,
    ...(isNamed && { unit }),
    ...(dtMs !== undefined && { dtMs }),
    ...(samplesPerBin !== undefined && { samplesPerBin }),
    ...(bandsHz && { bandsHz }),
    ...(bandRangeHz && { bandRangeHz }),
  };
}

function mismatchError(
  head: StoredArray["head"],
  expected: string,
  { shard }: StoredSession,
): FormatError {
  const found = head.type === "rest" ? "not there" : `${head.type} ${head.key}`;
  return new FormatError(
    `Cannot merge shards: an array is ${found}, expected ${expected} as its ` +
      "manifest says",
    { archive: shard },
  );
}
