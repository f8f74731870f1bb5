import type { Session, Waveform } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { ValueRange } from "../../kernels/ranges/ranges.ts";
import {
  type LogOffset,
  PUBLISHED_OFFSET,
} from "../../kernels/ranges/log_offset.ts";
import { checkRange } from "../../base/check.ts";

/**
 * Refuses ranges that do not fit a method.
 *
 * @throws {TypeError} If they are not ranges.
 * @throws {RangeError} If their method or logarithm is another one, or a range is
 * not finite or its maximum lies below its minimum.
 */
export function checkRanges(
  method: NormalizeRanges["method"],
  logOffset: LogOffset,
  ranges: NormalizeRanges,
): void {
  if (ranges?.method !== method) {
    throw new RangeError(
      `Cannot normalize: ranges.method is ${ranges?.method}, expected ` +
        `${method} as method`,
    );
  }
  if (ranges.method === "global") {
    checkPair("ranges.stimulus", ranges.stimulus);
    checkPair("ranges.response", ranges.response);
    return;
  }
  if (!Array.isArray(ranges.bands)) {
    throw new TypeError(
      `Cannot normalize: ranges.bands is ${ranges.bands}, expected a list`,
    );
  }
  const { logOffset: own = PUBLISHED_OFFSET } = ranges;
  if (own !== logOffset) {
    throw new RangeError(
      `Cannot normalize: ranges.logOffset is ${own}, expected ${logOffset} as ` +
        "logOffset",
    );
  }
  for (const [band, range] of ranges.bands.entries()) {
    checkPair(`ranges.bands[${band}]`, range);
  }
  for (const [neuron, range] of Object.entries(ranges.neurons ?? {})) {
    checkPair(`ranges.neurons["${neuron}"]`, range);
  }
}

function checkPair(name: string, range: unknown): void {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new TypeError(
      `Cannot normalize: ${name} is ${String(range)}, expected [min, max]`,
    );
  }
  const [min, max] = range;
  checkRange("normalize", `${name}[0]`, min, -Number.MAX_VALUE, Infinity);
  checkRange("normalize", `${name}[1]`, max, min, Number.MAX_VALUE);
}

/** Ranges of `global`: one of all stimuli, one of all responses. */
export interface GlobalRanges {
  /** The method they belong to. */
  readonly method: "global";
  /** Of every value of every stimulus. */
  readonly stimulus: ValueRange;
  /** Of every bin of every response. */
  readonly response: ValueRange;
}

/** Ranges of `bandAndNeuron`: one per band, one per cell. */
export interface BandAndNeuronRanges {
  /** The method they belong to. */
  readonly method: "bandAndNeuron";
  /** Of each band of all stimuli, after the logarithm; none for waveforms. */
  readonly bands: readonly ValueRange[];
  /**
   * Logarithm that the bands went through.
   *
   * @default {-1}
   */
  readonly logOffset?: LogOffset;
  /**
   * Of all responses of each cell that has one, keyed by `cellId`, or by session
   * and position, such as `20020508-mw-003/0`, for cells without a `cellId`.
   */
  readonly neurons: Readonly<Record<string, ValueRange>>;
}

/** Ranges that {@linkcode normalize} maps to 0 to 1: plain values, fit for JSON. */
export type NormalizeRanges = GlobalRanges | BandAndNeuronRanges;

/** Key of a cell in ranges. */
export function neuronName(session: Session, position: number): string {
  const cellId = session.cells[position]?.cellId;
  return typeof cellId === "string" ? cellId : `${session.id}/${position}`;
}

/** Whether a stimulus is a spectrogram; waveforms have no ranges. */
export function isSpectrogram(read: Waveform | Tensor): read is Tensor {
  return "shape" in read && read.samplesPerBin === undefined;
}
