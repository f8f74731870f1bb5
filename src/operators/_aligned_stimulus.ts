import { cutTime } from "../_cut_time.ts";
import { roundHalfEven } from "../_round.ts";
import { timeBins } from "../_time_bins.ts";
import { RecordingError } from "../errors.ts";
import type { Presentation, Signal, Stimulus } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { samplesPerBin } from "./_samples_per_bin.ts";
import { windowSamples } from "./kernels/_window_samples.ts";
import { inUnits } from "./kernels/in_units.ts";
import { resample } from "./kernels/resample.ts";

/**
 * A stimulus cut to the bins that were presented, a waveform resampled to their
 * grid before.
 *
 * @throws {RangeError} If `audioRateHz` gives no whole number of samples in a bin.
 * @throws {RecordingError} If the width of a bin is not known.
 */
export function alignedStimulus(
  read: Signal | Tensor,
  { stimulus, dtMs }: Presentation,
  audioRateHz: number,
): Tensor {
  if (!("shape" in read)) {
    if (dtMs === undefined) throw withoutBins(stimulus);
    return onGrid(read, stimulus, dtMs, audioRateHz);
  }
  if (read.dtMs === undefined) throw withoutBins(stimulus);
  return cutTime(read, presentedBins(stimulus, read.dtMs, timeBins(read)));
}

function onGrid(
  { samples, rateHz }: Signal,
  stimulus: Stimulus,
  dtMs: number,
  audioRateHz: number,
): Tensor {
  const perBin = samplesPerBin(audioRateHz, dtMs);
  // As many bins as the spectrogram has frames: the responses' cut is the same.
  const frames = Math.ceil(samples.length / windowSamples(dtMs, rateHz));
  const length = presentedBins(stimulus, dtMs, frames) * perBin;
  const sound = resample(inUnits(samples, 1), rateHz, audioRateHz, length);
  return {
    data: Float32Array.from(sound),
    shape: [1, length],
    dtMs,
    samplesPerBin: perBin,
  };
}

function presentedBins(
  { durationMs }: Stimulus,
  dtMs: number,
  there: number,
): number {
  const presented = roundHalfEven(durationMs / dtMs);
  return presented > 0 ? Math.min(presented, there) : there;
}

function withoutBins({ key }: Stimulus): RecordingError {
  return new RecordingError(
    `Cannot align: stimulus ${key} has no bins, ` +
      "expected bin() or spectrogram() before mask()",
  );
}
