import type {
  CellResponse,
  GateTally,
  Samples,
  Session,
  Stimulus,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { joinedRepeats, TallySum } from "../../stream/repeats.ts";
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
} from "./array_record.ts";

/** What a session added, as far as later ones depend on it. */
export interface SessionTrace {
  /** Keys of the stimuli that were new, in the order of their numbers. */
  readonly stims: readonly string[];
  /** Numbers of the cells, by their place in the session; null where none. */
  readonly cells: readonly (number | null)[];
  /** Cells that had no response before. */
  readonly heard: readonly number[];
  /** Arrays of responses. */
  readonly responses: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
  /** What the next array is to tell. */
  readonly notes: Notes;
}

/** Turns presentations into numbered arrays, the same for every format. */
export class Recorder {
  /** Keys of the stimuli that were recorded. */
  readonly used = new Set<string>();
  readonly #numbering = new Numbering();
  readonly #tally = new TallySum();
  readonly #heard = new Set<number>();
  #responses = 0;
  #untold = new TallySum();
  #cells: NumberedCell[] = [];
  /** How much there was before the session. */
  #before = { responses: 0, stims: 0, heard: 0, tally: new TallySum() };

  /** How much was recorded so far. */
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

  /** Starts a session; takes its cells where the data set has a table of them. */
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
      this.#cells.push({ cell, meta });
    }
  }

  /** The arrays of one presentation: its stimulus where new, its responses. */
  *record(item: ReadPresentation, session: Session): Generator<ArrayRecord> {
    this.#tally.add(item.trials.tally);
    this.#untold.add(item.trials.tally);
    this.#before.tally.add(item.trials.tally);
    const { stimulus, read } = item;
    if (read !== null) yield this.#stimulus(stimulus, read);
    for (const [position, response] of item.trials.responses.entries()) {
      if (response === null) continue;
      this.#responses++;
      yield this.#response(stimulus, session, position, response);
    }
  }

  /** What is known once all is recorded. */
  ending(): Ending {
    const { stimuli, responses } = this.counts;
    const notes = this.#notes();
    const isTold = Object.keys(notes).length === 0;
    return {
      stimuli,
      responses,
      ...(isTold ? {} : { rest: { type: "rest", ...notes } }),
    };
  }

  /** What the session that was begun last has added. */
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

  /** Takes a session as recorded that was so by an earlier run. */
  restore(session: Session, trace: SessionTrace): void {
    for (const key of trace.stims) this.#numberStimulus(key);
    for (const [position, number] of trace.cells.entries()) {
      if (number === null) continue;
      this.#numbering.restore(session, position, number);
    }
    for (const cell of trace.heard) this.#heard.add(cell);
    this.#responses += trace.responses;
    this.#tally.add(trace.tally);
    this.#untold = new TallySum();
    if (trace.notes.tally) this.#untold.add(trace.notes.tally);
    this.#cells = [...trace.notes.cells ?? []];
  }

  #numberStimulus(key: string): number {
    this.used.add(key);
    return this.#numbering.stim(key);
  }

  #notes(): Notes {
    const tally = this.#untold.total;
    const isCounted = Object.values(tally).some((count) => count > 0);
    return {
      ...(isCounted ? { tally } : {}),
      ...(this.#cells.length > 0 ? { cells: this.#cells } : {}),
    };
  }

  #takeNotes(): Notes {
    const notes = this.#notes();
    this.#untold = new TallySum();
    this.#cells = [];
    return notes;
  }

  #stimulus(
    { key, durationMs, meta }: Stimulus,
    read: Waveform | Tensor,
  ): ArrayRecord {
    const stimulus = this.#numberStimulus(key);
    const isTensor = "shape" in read;
    const head: StimulusHead = {
      type: "stimulus",
      name: `stimuli/${stimulus}`,
      stimulus,
      key,
      durationMs,
      ...(isTensor ? tensorFields(read) : {
        unit: "sample",
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
      unit,
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
  { dtMs, samplesPerBin, shape, unit }: Tensor,
): Pick<
  StimulusHead,
  "dtMs" | "rateHz" | "samplesPerBin" | "shape" | "unit"
> {
  if (samplesPerBin === undefined) return { unit, dtMs, shape };
  const rateHz = dtMs && 1000 * samplesPerBin / dtMs;
  return { unit: unit ?? "sample", dtMs, samplesPerBin, rateHz, shape };
}

function extent(
  repeats: readonly Samples[],
): Pick<ResponseHead, "lengths" | "shape"> {
  const lengths = repeats.map(({ length }) => length);
  return lengths.every((length) => length === lengths[0])
    ? { shape: [lengths.length, lengths[0]] }
    : { lengths };
}
