import type { ReadOptions } from "./base/abort.ts";
import type { Tensor } from "./tensor.ts";

export type { ReadOptions } from "./base/abort.ts";

/**
 * Whether a cell was recorded cell-attached: the electrode sees its spikes, not
 * its membrane potential.
 */
export function isCellAttached({ recordingType }: CellMeta): boolean {
  return (recordingType ?? "").toLowerCase().includes("attached");
}

/** A value of a metadata entry, as JSON can hold it. */
export type MetaValue = string | number | boolean | null | readonly MetaValue[];

/** Metadata of one recorded cell. Data sets add further keys. */
export interface CellMeta {
  /** Experimenter, or the data set's label. */
  readonly experimenter?: string;
  /** Session in which it was recorded. */
  readonly session?: string;
  /** Animal, as the data set labels it. */
  readonly animalId?: string;
  /** Day of the recording, `yyyymmdd`. */
  readonly date?: string;
  /** Brain area, such as `A1` or `MGB`, or the recording site. */
  readonly site?: string;
  /** `whole-cell`, `cell-attached`, ... */
  readonly recordingType?: string;
  /** Animal species, such as `rat`. */
  readonly species?: string;
  /** Kind of the responses, set when a sink reads them. */
  readonly signalType?: ResponseKind;
  /** Signal-to-noise power ratio by `computeNeuronQuality()`; null if undefined. */
  readonly snr?: number | null;
  /** Best possible correlation by `computeNeuronQuality()`; null if undefined. */
  readonly ccmax?: number | null;
  /** AC1: number of the electrode's penetration, or its label. */
  readonly penetration?: number | string;
  /** AC1: number of a Wehr cell, from 0, by name of the session. */
  readonly wehrCellIdx?: number;
  /** Wingert: cell, such as `PRN018a-039-1`. */
  readonly cellId?: string;
  /** Wingert: brain area, `A1`, `PEG`, `AC` or `HC`. */
  readonly area?: string | null;
  /** Wingert: cortical layer, such as `13`, `44` or `56`. */
  readonly layer?: string | number | null;
  /** Wingert: depth in um. */
  readonly depth?: number | null;
  /** Wingert: whether its spikes are narrow. */
  readonly narrow?: boolean | null;
  /** Wingert: cell type by its waveform, such as `RS` or `ND`. */
  readonly celltype?: string | null;
  /** Wingert: width of its spikes in ms. */
  readonly sw?: number | null;
  /** Wingert: whether the lab's models predict it well. */
  readonly goodpred?: boolean | null;
  /** Wingert: animal, by the cell's id. */
  readonly animal?: string | null;
  /** Wingert: number of its electrode, by the cell's id. */
  readonly electrode?: number | null;
  /** Wingert: number of the cell on its electrode, by the cell's id. */
  readonly unitInElectrode?: number | null;
  /** Any further key of the data set. */
  readonly [key: string]: MetaValue | undefined;
}

/** Metadata of one stimulus. Data sets add further keys. */
export interface StimMeta {
  /** Experimenter, or the data set's label. */
  readonly experimenter?: string;
  /** Group of stimuli to which it belongs. */
  readonly category?: string;
  /** The data set's description. */
  readonly description?: string;
  /** How long it sounds, in s. */
  readonly durationS?: number;
  /** AC1: number of a Wehr stimulus in its category. */
  readonly idx?: number;
  /** AC1: class of the first segment of an Asari sequence; null if it has none. */
  readonly classN?: number | null;
  /** AC1: segments of an Asari sequence, as rows of its table from 1. */
  readonly segments?: readonly number[];
  /** AC1: segment files of an Asari sequence, as its table spells them. */
  readonly segmentFiles?: readonly string[];
  /** AC1: description of an Asari sequence. */
  readonly sequence?: string;
  /** Wingert: name of the stimulus, such as `STIM_seq0032.wav`. */
  readonly name?: string;
  /** Wingert: session that heard it. */
  readonly session?: string;
  /** Wingert: name of the stimulus in its session, which no other has. */
  readonly id?: string;
  /** Wingert: part of the experiment to which it belongs. */
  readonly subset?: "est" | "val";
  /** Any further key of the data set. */
  readonly [key: string]: MetaValue | undefined;
}

/**
 * Samples: a `Float64Array`, `Float32Array` or `Int16Array`, as stored, or floats
 * once computed. Its methods have one signature for all three.
 */
export interface Samples extends Iterable<number> {
  /** Number of samples. */
  readonly length: number;
  /** Memory that holds the samples. */
  readonly buffer: ArrayBufferLike;
  /** First byte of the samples in the memory. */
  readonly byteOffset: number;
  /** Number of bytes. */
  readonly byteLength: number;
  /** Name of the class. */
  readonly [Symbol.toStringTag]:
    | "Float64Array"
    | "Float32Array"
    | "Int16Array";
  /** Sample at an index. */
  readonly [index: number]: number;
  /** Sample at an index; negative ones count from the end. */
  at(index: number): number | undefined;
  /** Indices and samples. */
  entries(): IterableIterator<[number, number]>;
  /** Whether all samples satisfy a predicate. */
  every(predicate: (value: number, index: number) => boolean): boolean;
  /** Index of the first sample that satisfies a predicate, or -1. */
  findIndex(predicate: (value: number, index: number) => boolean): number;
  /** Calls a function with every sample. */
  forEach(callback: (value: number, index: number) => void): void;
  /** Maps every sample; the result has the same class. */
  map(callback: (value: number, index: number) => number): Samples;
  /** Reduces all samples to one value. */
  reduce<Result>(
    callback: (result: Result, value: number, index: number) => Result,
    initial: Result,
  ): Result;
  /** Copy of a part. */
  slice(start?: number, end?: number): Samples;
  /** Whether a sample satisfies a predicate. */
  some(predicate: (value: number, index: number) => boolean): boolean;
  /** View of a part. */
  subarray(start?: number, end?: number): Samples;
}

/** A sampled waveform `[n]`, in the unit of the data set. */
export interface Waveform {
  /** Samples `[n]`. */
  readonly samples: Samples;
  /** Sampling rate in Hz. */
  readonly rateHz: number;
  /**
   * `published` if the data set's published spectrograms reach above half of
   * {@linkcode Waveform.rateHz}, where bands mirror lower ones: `spectrogram()`
   * then makes the same, and refuses to for any other waveform.
   */
  readonly aliases?: "published";
}

/** Verdict of the gate on a repeat. */
export type GateReason = "range" | "step" | "xcorr" | "kept";

/** Number of repeats per {@linkcode GateReason}. */
export type GateTally = Readonly<Record<GateReason, number>>;

/**
 * `raw` until `signal()`, then by the recording mode: membrane potential in mV
 * (`subthresh`) or spike rate (`spikes`).
 */
export type ResponseKind = "raw" | "subthresh" | "spikes";

/** One cell's repeats of one stimulus. */
export interface CellResponse {
  /** Repeats `[T]` each, ragged until `mask()`, as stored until computed. */
  readonly repeats: readonly Samples[];
  /** Unit (mV) per stored step; 1 once in float. */
  readonly scale: number;
  /** Samples or bins per second. */
  readonly rateHz: number;
  /** Kind of the samples. */
  readonly kind: ResponseKind;
  /** Unit of the samples (times `scale`), if any: `mV`, `spikes`. */
  readonly unit?: string;
  /** Width of a bin in ms, once binned. */
  readonly dtMs?: number;
  /** Windows of `detrend()` in ms, until `signal()`, which detrends spikes again. */
  readonly detrended?: { readonly medianMs: number; readonly gaussMs: number };
}

/** Responses of all cells of a session to one presentation. */
export interface Trials {
  /** One entry per cell of the session, null where no repeat is left. */
  readonly responses: readonly (CellResponse | null)[];
  /** Repeats kept and dropped so far; all zero before `gate()`. */
  readonly tally: GateTally;
}

/** A stimulus: its metadata are known at once, its samples are read on request. */
export interface Stimulus {
  /** Unique in the data set, the same in every session. */
  readonly key: string;
  /** Metadata. */
  readonly meta: StimMeta;
  /** How long it was presented, in ms. */
  readonly durationMs: number;
  /**
   * Its waveform; after `spectrogram()` a `(1, F, T)` tensor, after `mask()`
   * alone a `(1, T * samplesPerBin)` one.
   */
  read(options?: ReadOptions): Promise<Waveform | Tensor>;
}

/** One stimulus as one session heard it; nothing is read before `read()`. */
export interface Presentation {
  /** The stimulus that was presented. */
  readonly stimulus: Stimulus;
  /** Width of a bin of the responses in ms, once `bin()` is in the chain. */
  readonly dtMs?: number;
  /** The responses of the session's cells. */
  read(options?: ReadOptions): Promise<Trials>;
}

/**
 * A recording session: a handle that knows its cells and how to list and read
 * its presentations. Thousands of handles weigh less than one trial.
 */
export interface Session {
  /** The data set's name of the session, such as `20020508-mw-003`. */
  readonly id: string;
  /** The cells recorded in it, in the order of {@linkcode Trials.responses}. */
  readonly cells: readonly CellMeta[];
  /**
   * One entry per distinct stimulus, first heard first or in the order of the
   * data set.
   */
  presentations(options?: ReadOptions): Promise<readonly Presentation[]>;
}
