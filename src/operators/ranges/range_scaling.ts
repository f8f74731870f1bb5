import { RecordingError } from "../../errors.ts";
import type {
  CellResponse,
  Session,
  Stimulus,
  Waveform,
} from "../../session.ts";
import { isOwn, ownMemory } from "../../stream/own_memory.ts";
import type { Tensor } from "../../tensor.ts";
import { logShift, PUBLISHED_OFFSET } from "../../kernels/ranges/log_offset.ts";
import { logBandsScaled, rangeScaled } from "../../kernels/ranges/ranges.ts";
import {
  isSpectrogram,
  neuronName,
  type NormalizeRanges,
} from "./normalize_ranges.ts";

/** Results of `bandAndNeuron` below this become 0. */
const QUIET = 1e-6;

/** A result of a session, before it is mapped. */
export interface Unmapped<Result> {
  readonly read: Result;
  /**
   * Whether a pass has kept it for this call alone: memory that nothing else uses
   * is then mapped in place.
   */
  readonly isKept: boolean;
}

/** A stimulus mapped by its ranges; a waveform as it is. */
export function scaledStimulus(
  { read, isKept }: Unmapped<Waveform | Tensor>,
  stimulus: Stimulus,
  ranges: NormalizeRanges,
): Waveform | Tensor {
  if (!isSpectrogram(read)) return read;
  const { shape, data } = read;
  const out = isKept && isOwn(data) ? data : undefined;
  if (ranges.method === "global") {
    const scaled = rangeScaled(data, 1, ranges.stimulus, undefined, out);
    return { ...unitless(read), data: scaled };
  }
  const bands = ranges.bands.length;
  if (shape.length !== 3 || shape[1] !== bands) {
    throw new RangeError(
      `Cannot normalize: shape of stimulus ${stimulus.key} is [${shape}], ` +
        `expected [1,${bands},T] for ${bands} ranges of bands`,
    );
  }
  const shift = logShift(ranges.logOffset ?? PUBLISHED_OFFSET);
  const scaled = logBandsScaled(data, ranges.bands, shift, (odd) => {
    throw new RecordingError(
      `Cannot normalize: stimulus ${stimulus.key} has the value ${odd}, ` +
        `expected one above ${-(shift ??
          0)}, for log((x + ${shift}) / ${shift})`,
    );
  }, out);
  return { ...unitless(read), data: scaled };
}

/** A response mapped by its ranges. */
export function scaledResponse(
  { read: response, isKept }: Unmapped<CellResponse>,
  session: Session,
  position: number,
  ranges: NormalizeRanges,
): CellResponse {
  const isGlobal = ranges.method === "global";
  const neuron = neuronName(session, position);
  const range = isGlobal
    ? ranges.response
    : Object.hasOwn(ranges.neurons, neuron)
    ? ranges.neurons[neuron]
    : undefined;
  if (range === undefined) {
    throw new RangeError(
      `Cannot normalize: ranges.neurons has no ${neuron}, expected a range`,
    );
  }
  const least = isGlobal ? undefined : QUIET;
  const own = isKept ? ownMemory(response) : undefined;
  if (own) {
    rangeScaled(own, 1, range, least, own);
    return unitless(response);
  }
  return {
    ...unitless(response),
    scale: 1,
    repeats: response.repeats.map((repeat) =>
      rangeScaled(repeat, response.scale, range, least)
    ),
  };
}

function unitless<Value extends { readonly unit?: string }>(
  { unit: _, ...value }: Value,
): Omit<Value, "unit"> {
  return value;
}
