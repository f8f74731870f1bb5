import { map, type MonoTypeOperatorFunction } from "rxjs";
import { checkCount, checkRange } from "../base/check.ts";
import { RecordingError } from "../errors.ts";
import type { Session, Stimulus, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { asStep, mapPresentations, mapStimulus } from "./_session_operator.ts";
import { inUnits } from "../kernels/common/units.ts";
import { logBandsHz } from "../kernels/spectrogram/bands.ts";
import { logSpectrogram } from "../kernels/spectrogram/log_spectrogram.ts";

/** Options for {@linkcode spectrogram}. */
export interface SpectrogramOptions {
  /**
   * Width of a frame in ms, above 0 to 10,000; the same as the responses'.
   *
   * @default {5}
   */
  readonly dtMs?: number;
  /**
   * Frequency of the lowest band in Hz, above 0.
   *
   * @default {100}
   */
  readonly fminHz?: number;
  /**
   * Frequency that the highest band does not exceed, in Hz, at least `fminHz`.
   *
   * @default {45_000}
   */
  readonly fmaxHz?: number;
  /**
   * Bands in an octave, 1 to 96.
   *
   * @default {6}
   */
  readonly bandsPerOctave?: number;
  /**
   * Length of the Hamming window in ms, above 0 to 10,000.
   *
   * @default {2 * dtMs}
   */
  readonly windowMs?: number;
}

/**
 * Turns every stimulus into a log-band spectrogram in dB.
 *
 * - In: waveform `[n]`. Out: tensor `(1, F, T)`, float32, dB:
 *   `20 log10(|X| + 1e-12)` of the Fourier transform of each frame, evaluated at
 *   `F = floor(log2(fmaxHz / fminHz) * bandsPerOctave) + 1` frequencies.
 * - Frame `i` of `T = ceil(n / hop)` is centred on sample `i * hop`.
 *
 * @example Up to 25.6 kHz in frames of 10 ms: 49 bands
 * ```ts
 * import { bin, spectrogram, wehr } from "rxephys";
 *
 * const sounds = wehr("data").pipe(
 *   bin({ dtMs: 10 }),
 *   spectrogram({ dtMs: 10, fmaxHz: 25_600 }),
 * );
 * ```
 *
 * @throws {RangeError} When called, if an option is outside its range.
 */
export function spectrogram(
  options: SpectrogramOptions = {},
): MonoTypeOperatorFunction<Session> {
  const {
    dtMs = 5,
    fminHz = 100,
    fmaxHz = 45_000,
    bandsPerOctave = 6,
    windowMs = 2 * dtMs,
  } = options;
  const act = "make a spectrogram";
  checkRange(act, "dtMs", dtMs, Number.MIN_VALUE, 10_000);
  checkRange(act, "fminHz", fminHz, Number.MIN_VALUE, Number.MAX_VALUE);
  checkRange(act, "fmaxHz", fmaxHz, fminHz, Number.MAX_VALUE);
  checkCount(act, "bandsPerOctave", bandsPerOctave, 1, 96);
  checkRange(act, "windowMs", windowMs, Number.MIN_VALUE, 10_000);
  const kernel = (signal: Waveform): Tensor => {
    const data = logSpectrogram(
      inUnits(signal.samples, 1),
      signal.rateHz,
      dtMs,
      windowMs,
      fminHz,
      fmaxHz,
      bandsPerOctave,
    );
    const bands = logBandsHz(fminHz, fmaxHz, bandsPerOctave).length;
    return {
      data,
      shape: [1, bands, data.length / bands],
      unit: "dB",
      dtMs,
    };
  };
  const args = [{ dtMs, fminHz, fmaxHz, bandsPerOctave, windowMs }];
  return asStep(
    { module: import.meta.url, name: "spectrogram", args },
    map((session) =>
      mapPresentations(session, (presentation) => ({
        stimulus: withSpectrogram(presentation.stimulus, kernel),
        dtMs: presentation.dtMs,
        read: (options) => presentation.read(options),
      }))
    ),
  );
}

function withSpectrogram(
  stimulus: Stimulus,
  kernel: (signal: Waveform) => Tensor,
): Stimulus {
  return mapStimulus(stimulus, (read) => {
    if ("shape" in read) {
      throw new RecordingError(
        `Cannot make a spectrogram: stimulus ${stimulus.key} is a tensor of ` +
          `shape [${read.shape}], expected a waveform`,
      );
    }
    return kernel(read);
  });
}
