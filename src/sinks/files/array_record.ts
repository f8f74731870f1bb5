import type {
  CellMeta,
  GateTally,
  ResponseKind,
  Samples,
  StimMeta,
} from "../../session.ts";

/** A cell of a data set with a table of cells. */
export interface NumberedCell {
  /** Its number. */
  readonly cell: number;
  /** What is known of it. */
  readonly meta: CellMeta;
}

/** What happened since the array before, told with the next one. */
export interface Notes {
  /** Repeats kept and dropped by the gate. */
  readonly tally?: GateTally;
  /** Cells of the data set's table, whether or not they have a response. */
  readonly cells?: readonly NumberedCell[];
}

/** What is known of a stimulus' array. */
export interface StimulusHead extends Notes {
  readonly type: "stimulus";
  /** `stimuli/<stimulus>`. */
  readonly name: string;
  readonly stimulus: number;
  readonly key: string;
  readonly durationMs: number;
  readonly unit?: string;
  readonly dtMs?: number;
  readonly samplesPerBin?: number;
  readonly rateHz?: number;
  readonly shape: readonly number[];
  readonly dtype: "float32";
  readonly meta: StimMeta;
}

/** What is known of the array of one cell's responses to one stimulus. */
export interface ResponseHead extends Notes {
  readonly type: "response";
  /** `responses/<stimulus>.<cell>`. */
  readonly name: string;
  readonly stimulus: number;
  readonly cell: number;
  readonly key: string;
  readonly session: string;
  readonly kind: ResponseKind;
  readonly unit?: string;
  readonly dtMs?: number;
  readonly rateHz?: number;
  /** `[R, T]`, where repeats are of one length. */
  readonly shape?: readonly number[];
  /** Length of each repeat, where they are not; they follow each other. */
  readonly lengths?: readonly number[];
  readonly dtype: "float32";
  readonly meta: CellMeta;
}

/** What no array is left to be told with: nothing but {@linkcode Notes}. */
export interface RestHead extends Notes {
  readonly type: "rest";
}

/** What is known once all arrays are written. */
export interface Ending {
  /** Arrays of stimuli. */
  readonly stimuli: number;
  /** Arrays of responses. */
  readonly responses: number;
  /** What no array was left to be told with. */
  readonly rest?: RestHead;
}

/** What is written beside an array's data. */
export type ArrayHead = StimulusHead | ResponseHead;

/** One array of a file, in C order. */
export interface ArrayRecord {
  readonly head: ArrayHead;
  readonly values: Float32Array;
}

/** Shape of the array that is stored: ragged repeats follow each other. */
export function storedShape(
  head: ArrayHead,
): readonly number[] {
  if (head.shape !== undefined) return head.shape;
  const lengths = (head as ResponseHead).lengths ?? [];
  return [lengths.reduce((sum, length) => sum + length, 0)];
}

/** The same values as float32. */
export function asFloat32(values: Samples): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}

/** The bytes of an array: every platform of Deno's is little-endian. */
export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
