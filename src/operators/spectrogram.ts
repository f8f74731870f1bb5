import type { MonoTypeOperatorFunction } from "rxjs";
import { checkCount, checkRange } from "../base/check.ts";
import { RecordingError } from "../errors.ts";
import type { Session, Stimulus, Waveform } from "../session.ts";
import { freeArray, givesAway } from "../base/sole_owner.ts";
import type { Tensor } from "../tensor.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import {
  mapPresentations,
  mapStimulus,
  sessionOperator,
} from "./_session_operator.ts";
import { logBandsHz } from "../kernels/spectrogram/bands.ts";
import { logSpectrogram } from "../kernels/spectrogram/log_spectrogram.ts";

/** Names of {@linkcode SpectrogramOptions}. */
export const SPECTROGRAM_OPTIONS = [
  "dtMs",
  "fminHz",
  "fmaxHz",
  "bandsPerOctave",
  "windowMs",
] as const;

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
 *   `F = floor(log2(fmaxHz / fminHz) * bandsPerOctave) + 1` frequencies, which
 *   the tensor lists as `bandsHz`.
 * - A band above half the rate of a stimulus would mirror a lower one and is
 *   refused. The published loader of CRCNS AC1 computes such bands for its sounds
 *   of 44.1 kHz; `wehr()` marks these, and they stay as published.
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
 * @throws {TypeError} When called, if an option is no number.
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range; in the stream, if a band lies above half the rate of a stimulus.
 * @throws {RecordingError} In the stream, if a stimulus is no waveform.
 */
export function spectrogram(
  options: SpectrogramOptions = {},
): MonoTypeOperatorFunction<Session> {
  const act = "make a spectrogram";
  checkOperatorOptions(act, "spectrogram", options, SPECTROGRAM_OPTIONS);
  const {
    dtMs = 5,
    fminHz = 100,
    fmaxHz = 45_000,
    bandsPerOctave = 6,
    windowMs = 2 * dtMs,
  } = options;
  checkRange(act, "dtMs", dtMs, Number.MIN_VALUE, 10_000);
  checkRange(act, "fminHz", fminHz, Number.MIN_VALUE, Number.MAX_VALUE);
  checkRange(act, "fmaxHz", fmaxHz, fminHz, Number.MAX_VALUE);
  checkCount(act, "bandsPerOctave", bandsPerOctave, 1, 96);
  checkRange(act, "windowMs", windowMs, Number.MIN_VALUE, 10_000);
  const bandsHz: readonly number[] = Object.freeze(
    [...logBandsHz(fminHz, fmaxHz, bandsPerOctave)],
  );
  const kernel = (waveform: Waveform, { key }: Stimulus): Tensor => {
    checkNyquist(waveform, key, bandsHz);
    const data = logSpectrogram(
      waveform.samples,
      waveform.rateHz,
      dtMs,
      windowMs,
      fminHz,
      fmaxHz,
      bandsPerOctave,
    );
    return {
      data,
      shape: [1, bandsHz.length, data.length / bandsHz.length],
      unit: "dB",
      dtMs,
      bandsHz,
    };
  };
  const args = [{ dtMs, fminHz, fmaxHz, bandsPerOctave, windowMs }];
  return sessionOperator(
    { name: "spectrogram", module: import.meta.url, args },
    (session) =>
      mapPresentations(session, (presentation) =>
        mapStimulus(
          "spectrogram",
          presentation,
          (read) => {
            const { stimulus } = presentation;
            const waveform = waveformOf(read, stimulus);
            const tensor = kernel(waveform, stimulus);
            if (givesAway(stimulus.read)) freeArray(waveform.samples);
            return tensor;
          },
        )),
  );
}

/** Bands above half the sampling rate would be mirror images of lower ones. */
function checkNyquist(
  { rateHz, aliases }: Waveform,
  key: string,
  bandsHz: readonly number[],
): void {
  if (aliases === "published") return;
  const nyquistHz = rateHz / 2;
  const tooHigh = bandsHz.find((band) => band > nyquistHz);
  if (tooHigh === undefined) return;
  throw new RangeError(
    `Cannot make a spectrogram: the band at ${Math.round(tooHigh)} Hz lies ` +
      `above half the rate of stimulus ${key}, ${rateHz} Hz, expected fmaxHz ` +
      `at most ${nyquistHz}`,
  );
}

function waveformOf(read: Waveform | Tensor, { key }: Stimulus): Waveform {
  if (!("shape" in read)) return read;
  throw new RecordingError(
    `Cannot make a spectrogram: stimulus ${key} is a tensor of shape ` +
      `[${read.shape}], expected a waveform`,
  );
}
