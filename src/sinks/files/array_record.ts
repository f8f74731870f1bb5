import type {
  CellMeta,
  GateTally,
  ResponseKind,
  Samples,
  StimMeta,
} from "../../session.ts";

/** Unit that files give to waveforms without one. */
export const UNIT_OF_SAMPLES = "sample";

/** Cell of a data set that has a table of cells. */
export interface NumberedCell {
  /** Its number in the file. */
  readonly cell: number;
  /** Id of its session. */
  readonly session?: string;
  readonly meta: CellMeta;
}

/** Facts about the sessions since the array before, stored with the next one. */
export interface Notes {
  /** Repeats kept and dropped by the gate. */
  readonly tally?: GateTally;
  /** Cells of the data set's table, with or without a response. */
  readonly cells?: readonly NumberedCell[];
}

/** Description of a stimulus' array. */
export interface StimulusHead extends Notes {
  readonly type: "stimulus";
  /** `stimuli/<stimulus>`. */
  readonly name: string;
  readonly stimulus: number;
  readonly key: string;
  /** Id of the session that presented it first. */
  readonly session?: string;
  readonly durationMs: number;
  readonly unit?: string;
  readonly dtMs?: number;
  readonly samplesPerBin?: number;
  /** Frequency of each band in Hz. */
  readonly bandsHz?: readonly number[];
  /** Lowest and highest frequency of the bands in Hz, where no more is known. */
  readonly bandRangeHz?: readonly [lowest: number, highest: number];
  readonly rateHz?: number;
  readonly shape: readonly number[];
  readonly dtype: "float32";
  readonly meta: StimMeta;
}

/** Description of the array of one cell's responses to one stimulus. */
export interface ResponseHead extends Notes {
  readonly type: "response";
  /** `responses/<stimulus>.<cell>`. */
  readonly name: string;
  readonly stimulus: number;
  readonly cell: number;
  readonly key: string;
  /** Id of the session. */
  readonly session: string;
  readonly kind: ResponseKind;
  readonly unit?: string;
  readonly dtMs?: number;
  readonly rateHz?: number;
  /** `[R, T]` of repeats of equal length. */
  readonly shape?: readonly number[];
  /** Length of each repeat where lengths differ; repeats are concatenated. */
  readonly lengths?: readonly number[];
  readonly dtype: "float32";
  readonly meta: CellMeta;
}

/** {@linkcode Notes} that follow the last array. */
export interface RestHead extends Notes {
  readonly type: "rest";
}

/** Totals, known once all arrays are written. */
export interface Ending {
  /** Number of stimulus arrays. */
  readonly stimuli: number;
  /** Number of response arrays. */
  readonly responses: number;
  /** Notes since the last array. */
  readonly rest?: RestHead;
}

/** Description of an array, stored beside its data. */
export type ArrayHead = StimulusHead | ResponseHead;

/** One array of a file, in C order. */
export interface ArrayRecord {
  readonly head: ArrayHead;
  readonly values: Float32Array;
}

/** Shape of the stored array: `[total]` where repeats are concatenated. */
export function storedShape(
  head: ArrayHead,
): readonly number[] {
  if (head.shape !== undefined) return head.shape;
  const lengths = (head as ResponseHead).lengths ?? [];
  return [lengths.reduce((sum, length) => sum + length, 0)];
}

/** Converts samples to float32; float32 samples are not copied. */
export function asFloat32(values: Samples): Float32Array {
  return values instanceof Float32Array ? values : new Float32Array(values);
}

/** Bytes of an array. Every platform of Deno is little-endian. */
export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
