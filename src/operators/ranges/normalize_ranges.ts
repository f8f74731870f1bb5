import { RecordingError } from "../../errors.ts";
import type {
  ReadOptions,
  Session,
  Stimulus,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import {
  extendedRange,
  logCompressed,
  NO_RANGE,
  type ValueRange,
} from "../../kernels/ranges.ts";
import { checkRange } from "../../base/check.ts";
import { lineageOf } from "../../stream/lineage.ts";

/**
 * Refuses ranges that do not fit a method.
 *
 * @throws {TypeError} If they are not ranges.
 * @throws {RangeError} If their method is another one, or a range is not finite
 * or its maximum lies below its minimum.
 */
export function checkRanges(
  method: NormalizeRanges["method"],
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
  /** Of each band of all stimuli, after `log(10 x + 1)`. */
  readonly bands: readonly ValueRange[];
  /**
   * Of all responses of each cell that has one, keyed by `cellId`, or by session
   * and position, such as `20020508-mw-003/0`, for cells without a `cellId`.
   */
  readonly neurons: Readonly<Record<string, ValueRange>>;
}

/** Ranges that {@linkcode normalize} maps to 0 to 1: plain values, fit for JSON. */
export type NormalizeRanges = GlobalRanges | BandAndNeuronRanges;

/** Collects the ranges of a stream, one presentation after the other. */
interface RangeScan {
  stimulus(tensor: Tensor): void;
  response(
    neuron: string,
    repeats: readonly ArrayLike<number>[],
    scale: number,
  ): void;
  ranges(): NormalizeRanges;
}

/**
 * Reads sessions one presentation at a time and collects their ranges. A part of
 * a session counts for the whole session.
 */
export async function scannedRanges(
  sessions: readonly Session[],
  method: NormalizeRanges["method"],
  { signal }: ReadOptions,
): Promise<NormalizeRanges> {
  const scan = method === "global" ? globalScan() : bandAndNeuronScan();
  for (const session of sessions) {
    const { whole = session, cellNumbers } = lineageOf(session);
    for (const presentation of await whole.presentations({ signal })) {
      signal?.throwIfAborted();
      const { stimulus } = presentation;
      const tensor = tensorOf(await stimulus.read({ signal }), stimulus);
      const { responses } = await presentation.read({ signal });
      for (const [position, response] of responses.entries()) {
        if (response === null) continue;
        const { repeats, scale } = response;
        scan.response(neuronName(session, position), repeats, scale);
      }
      // As in a dataset: a stimulus that no cell answered counts only if the
      // session has a table of cells.
      const isListed = cellNumbers !== undefined ||
        responses.some((response) => response !== null);
      if (isListed) scan.stimulus(tensor);
    }
  }
  return scan.ranges();
}

/** Key of a cell in ranges. */
export function neuronName(session: Session, position: number): string {
  const cellId = session.cells[position]?.cellId;
  return typeof cellId === "string" ? cellId : `${session.id}/${position}`;
}

/** The stimulus as a tensor. */
export function tensorOf(read: Waveform | Tensor, { key }: Stimulus): Tensor {
  if ("shape" in read) return read;
  throw new RecordingError(
    `Cannot normalize: stimulus ${key} is a waveform, expected a tensor`,
  );
}

function globalScan(): RangeScan {
  let stimulus = NO_RANGE;
  let response = NO_RANGE;
  return {
    stimulus({ data }): void {
      stimulus = extendedRange(stimulus, data);
    },
    response(_neuron, repeats, scale): void {
      for (const repeat of repeats) {
        response = extendedRange(response, repeat, scale);
      }
    },
    ranges: () => ({ method: "global", stimulus, response }),
  };
}

function bandAndNeuronScan(): RangeScan {
  const bands: ValueRange[] = [];
  const neurons = new Map<string, ValueRange>();
  return {
    stimulus({ data, shape }): void {
      const bins = shape.at(-1) ?? 1;
      for (let band = 0; band * bins < data.length; band++) {
        const own = data.subarray(band * bins, (band + 1) * bins);
        bands[band] = extendedRange(bands[band] ?? NO_RANGE, own);
      }
    },
    response(neuron, repeats, scale): void {
      for (const repeat of repeats) {
        const range = neurons.get(neuron) ?? NO_RANGE;
        neurons.set(neuron, extendedRange(range, repeat, scale));
      }
    },
    ranges: () => ({
      method: "bandAndNeuron",
      // The logarithm keeps the order of values, so it is taken once, at the end.
      bands: bands.map(([min, max]) => [
        logCompressed(min),
        logCompressed(max),
      ]),
      neurons: Object.fromEntries(neurons),
    }),
  };
}
