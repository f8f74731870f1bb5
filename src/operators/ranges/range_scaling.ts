import { RecordingError } from "../../errors.ts";
import type {
  CellResponse,
  Session,
  Stimulus,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import { logBandsScaled, rangeScaled } from "../../kernels/ranges.ts";
import {
  neuronName,
  type NormalizeRanges,
  tensorOf,
} from "./normalize_ranges.ts";

/** Results of `bandAndNeuron` below this become 0. */
const QUIET = 1e-6;

/** A stimulus mapped by its ranges. */
export function scaledStimulus(
  read: Waveform | Tensor,
  stimulus: Stimulus,
  ranges: NormalizeRanges,
): Tensor {
  const tensor = tensorOf(read, stimulus);
  if (ranges.method === "global") {
    const data = rangeScaled(tensor.data, 1, ranges.stimulus);
    return { ...unitless(tensor), data };
  }
  const { shape, data } = tensor;
  const bands = ranges.bands.length;
  if (shape.length !== 3 || shape[1] !== bands) {
    throw new RangeError(
      `Cannot normalize: shape of stimulus ${stimulus.key} is [${shape}], ` +
        `expected [1,${bands},T] for ${bands} ranges of bands`,
    );
  }
  const odd = data.findIndex((value) => !(value > -0.1));
  if (odd >= 0) {
    throw new RecordingError(
      `Cannot normalize: stimulus ${stimulus.key} has the value ${
        data[odd]
      }, ` +
        "expected one above -0.1, for log(10 x + 1)",
    );
  }
  return { ...unitless(tensor), data: logBandsScaled(data, ranges.bands) };
}

/** A response mapped by its ranges. */
export function scaledResponse(
  response: CellResponse,
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
