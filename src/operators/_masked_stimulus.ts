import { cutTime, type Tensor, timeBins } from "../tensor.ts";
import { roundHalfEven } from "../base/numbers.ts";
import { RecordingError } from "../errors.ts";
import type { Presentation, Stimulus, Waveform } from "../session.ts";
import { windowSamples } from "../kernels/common/traces.ts";
import { inUnits } from "../kernels/common/units.ts";
import { MOST_SHRINK, resample } from "../kernels/resample/resample.ts";

/** Longest waveform, 23 min at 96 kHz: it takes 1.5 GiB while it is resampled. */
const MOST_SAMPLES = 2 ** 27;

/**
 * Samples of a waveform in a bin of the responses.
 *
 * @param audioRateHz Sampling rate of the waveform in Hz.
 * @param dtMs Width of a bin in ms.
 * @throws {RangeError} If it is no whole number, to 1e-9.
 */
export function samplesPerBin(audioRateHz: number, dtMs: number): number {
  const exact = audioRateHz * dtMs / 1000;
  const whole = Math.round(exact);
  if (whole < 1 || Math.abs(exact - whole) > 1e-9) {
    throw new RangeError(
      `Cannot mask: audioRateHz is ${audioRateHz}, expected a whole number ` +
        `of samples in bins of ${dtMs} ms, not ${exact}`,
    );
  }
  return whole;
}

/**
 * A stimulus cut to the bins that were presented; a waveform is resampled to
 * their grid first.
 *
 * @throws {RangeError} If `audioRateHz` gives no whole number of samples in a bin.
 * @throws {RecordingError} If the width of a bin is unknown, or a waveform has
 * too low or high a rate or becomes too long.
 */
export function maskedStimulus(
  read: Waveform | Tensor,
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
  { samples, rateHz }: Waveform,
  stimulus: Stimulus,
  dtMs: number,
  audioRateHz: number,
): Tensor {
  const perBin = samplesPerBin(audioRateHz, dtMs);
  checkRate(rateHz, stimulus, dtMs, audioRateHz);
  // As many bins as a spectrogram has frames, so that responses are cut alike.
  const frames = Math.ceil(samples.length / windowSamples(dtMs, rateHz));
  const length = presentedBins(stimulus, dtMs, frames) * perBin;
  if (length > MOST_SAMPLES) {
    throw new RecordingError(
      `Cannot mask: stimulus ${stimulus.key} takes ${length} samples at ` +
        `${audioRateHz} Hz, expected at most ${MOST_SAMPLES}`,
    );
  }
  const sound = resample(inUnits(samples, 1), rateHz, audioRateHz, length);
  return {
    data: Float32Array.from(sound),
    shape: [1, length],
    dtMs,
    samplesPerBin: perBin,
  };
}

/** Refuses a waveform that has no sample in a bin, or that no filter resamples. */
function checkRate(
  rateHz: number,
  { key }: Stimulus,
  dtMs: number,
  audioRateHz: number,
): void {
  const least = 1000 / dtMs;
  const most = MOST_SHRINK * audioRateHz;
  if (rateHz >= least && rateHz <= most) return;
  throw new RecordingError(
    `Cannot mask: the rate of stimulus ${key} is ${rateHz} Hz, expected ` +
      `${least} to ${most} for bins of ${dtMs} ms at ${audioRateHz} Hz`,
  );
}

function presentedBins(
  { durationMs }: Stimulus,
  dtMs: number,
  present: number,
): number {
  const presented = roundHalfEven(durationMs / dtMs);
  return presented > 0 ? Math.min(presented, present) : present;
}

function withoutBins({ key }: Stimulus): RecordingError {
  return new RecordingError(
    `Cannot mask: stimulus ${key} has no bins, ` +
      "expected bin() or spectrogram() before mask()",
  );
}
