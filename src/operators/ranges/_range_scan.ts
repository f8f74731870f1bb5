import type { Tensor } from "../../tensor.ts";
import {
  extendedRange,
  logCompressed,
  NO_RANGE,
  type ValueRange,
} from "../../kernels/ranges/ranges.ts";
import {
  type LogOffset,
  logShift,
  PUBLISHED_OFFSET,
} from "../../kernels/ranges/log_offset.ts";
import type { NormalizeRanges } from "./normalize_ranges.ts";

/** Collects the ranges of a stream, one presentation after the other. */
export interface RangeScan {
  stimulus(tensor: Tensor): void;
  response(
    neuron: string,
    repeats: readonly ArrayLike<number>[],
    scale: number,
  ): void;
  ranges(): NormalizeRanges;
}

/** Starts to collect the ranges of a method. */
export function rangeScan(
  method: NormalizeRanges["method"],
  logOffset: LogOffset,
): RangeScan {
  return method === "global" ? globalScan() : bandAndNeuronScan(logOffset);
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
    // A stream of waveforms has no range of stimuli.
    ranges: () => ({
      method: "global",
      stimulus: stimulus === NO_RANGE ? [0, 0] : stimulus,
      response,
    }),
  };
}

function bandAndNeuronScan(logOffset: LogOffset): RangeScan {
  const shift = logShift(logOffset);
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
        logCompressed(min, shift),
        logCompressed(max, shift),
      ]),
      ...(logOffset !== PUBLISHED_OFFSET && { logOffset }),
      neurons: Object.fromEntries(neurons),
    }),
  };
}
