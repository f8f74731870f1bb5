import type {
  CellResponse,
  GateTally,
  Samples,
  Session,
  Stimulus,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { joinedRepeats } from "../../stream/own_memory.ts";
import { TallySum } from "../../stream/tally.ts";
import { lineageOf } from "../../stream/lineage.ts";
import { Numbering } from "../../stream/numbering.ts";
import type { ReadPresentation } from "../../stream/read_sessions.ts";
import {
  type ArrayRecord,
  asFloat32,
  type Ending,
  type Notes,
  type NumberedCell,
  type ResponseHead,
  type StimulusHead,
  UNIT_OF_SAMPLES,
} from "./array_record.ts";

/** Changes that a session made to the state of the recorder. */
export interface SessionTrace {
  /** Keys of new stimuli, in the order of their numbers. */
  readonly stims: readonly string[];
  /** Number of each cell of the session; null for a cell without one. */
  readonly cells: readonly (number | null)[];
  /** Cells with their first response. */
  readonly heard: readonly number[];
  /** Number of response arrays. */
  readonly responses: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
  /** Notes to store with the next array. */
  readonly notes: Notes;
}

/** Turns presentations into numbered arrays for any file format. */
export class Recorder {
  /** Keys of the recorded stimuli. */
  readonly used = new Set<string>();
  readonly #numbering = new Numbering();
  readonly #tally = new TallySum();
  readonly #heard = new Set<number>();
  #responses = 0;
  #pending = new TallySum();
  #cells: NumberedCell[] = [];
  /** State before the current session. */
  #before = { responses: 0, stims: 0, heard: 0, tally: new TallySum() };

  /** Number of arrays and cells recorded so far. */
  get counts(): { stimuli: number; responses: number; cells: number } {
    return {
      stimuli: this.used.size,
      responses: this.#responses,
      cells: this.#heard.size,
    };
  }

  /** Repeats kept and dropped so far. */
  get tally(): GateTally {
    return this.#tally.total;
  }

  /** Starts a session; numbers its cells if the data set has a table of them. */
  begin(session: Session): void {
    this.#before = {
      responses: this.#responses,
      stims: this.used.size,
      heard: this.#heard.size,
      tally: new TallySum(),
    };
    if (lineageOf(session).cellNumbers === undefined) return;
    for (const [position, meta] of session.cells.entries()) {
      if (this.#numbering.known(session, position) !== undefined) continue;
      const cell = this.#numbering.cell(session, position);
      this.#cells.push({ cell, session: session.id, meta });
    }
  }

  /** Arrays of one presentation: its stimulus if it is new, and its responses. */
  *record(item: ReadPresentation, session: Session): Generator<ArrayRecord> {
    this.#tally.add(item.trials.tally);
    this.#pending.add(item.trials.tally);
    this.#before.tally.add(item.trials.tally);
    const { stimulus, read } = item;
    if (read !== null) yield this.#stimulus(stimulus, session, read);
    for (const [position, response] of item.trials.responses.entries()) {
      if (response === null) continue;
      this.#responses++;
      yield this.#response(stimulus, session, position, response);
    }
  }

  /** Totals of everything recorded. */
  ending(): Ending {
    const { stimuli, responses } = this.counts;
    const notes = this.#notes();
    const isEmpty = Object.keys(notes).length === 0;
    return {
      stimuli,
      responses,
      ...(isEmpty ? {} : { rest: { type: "rest", ...notes } }),
    };
  }

  /** Changes since the last call of {@linkcode Recorder.begin}. */
  trace(session: Session): SessionTrace {
    const { responses, stims, heard, tally } = this.#before;
    return {
      heard: [...this.#heard].slice(heard),
      stims: [...this.used].slice(stims),
      cells: session.cells.map((_, position) =>
        this.#numbering.known(session, position) ?? null
      ),
      responses: this.#responses - responses,
      tally: tally.total,
      notes: this.#notes(),
    };
  }

  /** Restores the state after a session that an earlier run recorded. */
  restore(session: Session, trace: SessionTrace): void {
    for (const key of trace.stims) this.#numberStimulus(key);
    for (const [position, number] of trace.cells.entries()) {
      if (number === null) continue;
      this.#numbering.restore(session, position, number);
    }
    for (const cell of trace.heard) this.#heard.add(cell);
    this.#responses += trace.responses;
    this.#tally.add(trace.tally);
    this.#pending = new TallySum();
    if (trace.notes.tally) this.#pending.add(trace.notes.tally);
    this.#cells = [...trace.notes.cells ?? []];
  }

  #numberStimulus(key: string): number {
    this.used.add(key);
    return this.#numbering.stim(key);
  }

  #notes(): Notes {
    const tally = this.#pending.total;
    const isCounted = Object.values(tally).some((count) => count > 0);
    return {
      ...(isCounted ? { tally } : {}),
      ...(this.#cells.length > 0 ? { cells: this.#cells } : {}),
    };
  }

  #takeNotes(): Notes {
    const notes = this.#notes();
    this.#pending = new TallySum();
    this.#cells = [];
    return notes;
  }

  #stimulus(
    { key, durationMs, meta }: Stimulus,
    { id: session }: Session,
    read: Waveform | Tensor,
  ): ArrayRecord {
    const stimulus = this.#numberStimulus(key);
    const isTensor = "shape" in read;
    const head: StimulusHead = {
      type: "stimulus",
      name: `stimuli/${stimulus}`,
      stimulus,
      key,
      session,
      durationMs,
      ...(isTensor ? tensorFields(read) : {
        unit: UNIT_OF_SAMPLES,
        rateHz: read.rateHz,
        shape: [read.samples.length],
      }),
      dtype: "float32",
      meta,
      ...this.#takeNotes(),
    };
    return { head, values: asFloat32(isTensor ? read.data : read.samples) };
  }

  #response(
    { key }: Stimulus,
    session: Session,
    position: number,
    response: CellResponse,
  ): ArrayRecord {
    const { kind, rateHz, dtMs, unit } = response;
    const stimulus = this.#numberStimulus(key);
    const cell = this.#numbering.cell(session, position);
    this.#heard.add(cell);
    const head: ResponseHead = {
      type: "response",
      name: `responses/${stimulus}.${cell}`,
      stimulus,
      cell,
      key,
      session: session.id,
      kind,
      ...(unit !== undefined && { unit }),
      ...(dtMs === undefined ? { rateHz } : { dtMs }),
      ...extent(response.repeats),
      dtype: "float32",
      meta: { ...session.cells[position], signalType: kind },
      ...this.#takeNotes(),
    };
    return { head, values: joinedRepeats(response) };
  }
}

function tensorFields(
  { dtMs, samplesPerBin, shape, unit, bandsHz, bandRangeHz }: Tensor,
): Pick<
  StimulusHead,
  | "bandRangeHz"
  | "bandsHz"
  | "dtMs"
  | "rateHz"
  | "samplesPerBin"
  | "shape"
  | "unit"
> {
  const time = dtMs === undefined ? {} : { dtMs };
  if (samplesPerBin === undefined) {
    return {
      ...(unit !== undefined && { unit }),
      ...time,
      shape,
      ...(bandsHz && { bandsHz }),
      ...(bandRangeHz && { bandRangeHz }),
    };
  }
  return {
    unit: unit ?? UNIT_OF_SAMPLES,
    ...time,
    samplesPerBin,
    ...(dtMs !== undefined && { rateHz: 1000 * samplesPerBin / dtMs }),
    shape,
  };
}

function extent(
  repeats: readonly Samples[],
): Pick<ResponseHead, "lengths" | "shape"> {
  const lengths = repeats.map(({ length }) => length);
  const [first = 0] = lengths;
  return lengths.every((length) => length === first)
    ? { shape: [lengths.length, first] }
    : { lengths };
}
