import type { MonoTypeOperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import { samplesPerBin } from "./_masked_stimulus.ts";
import { checkOperatorOptions, pickedOptions } from "./_arguments.ts";
import { bin, BIN_OPTIONS, type BinOptions } from "./bin.ts";
import { detrend, DETREND_OPTIONS, type DetrendOptions } from "./detrend.ts";
import { gate, GATE_OPTIONS, type GateOptions } from "./gate.ts";
import { mask, MASK_OPTIONS, type MaskOptions } from "./mask.ts";
import { parallelSteps } from "./parallel.ts";
import { signal, SIGNAL_OPTIONS, type SignalOptions } from "./signal.ts";
import {
  spectrogram,
  SPECTROGRAM_OPTIONS,
  type SpectrogramOptions,
} from "./spectrogram.ts";

const OPTIONS = [
  ...DETREND_OPTIONS,
  ...GATE_OPTIONS,
  ...SIGNAL_OPTIONS,
  ...BIN_OPTIONS,
  ...SPECTROGRAM_OPTIONS,
  ...MASK_OPTIONS,
  ...["stimuli", "parallel"] as const,
];

/** Options for {@linkcode crcnsAc1Pipeline}: those of its operators, by name. */
export interface CrcnsAc1PipelineOptions
  extends
    DetrendOptions,
    GateOptions,
    SignalOptions,
    BinOptions,
    SpectrogramOptions,
    MaskOptions {
  /**
   * Form of the stimuli: `spectrogram`, which ignores `audioRateHz`, or
   * `waveform`, which ignores the options of `spectrogram()`.
   *
   * @default {"spectrogram"}
   */
  readonly stimuli?: "spectrogram" | "waveform";
  /**
   * Whether {@linkcode parallel} is part of the chain: true for a worker per
   * core where they pay, or a number of workers, 1 to 64.
   *
   * @default {false}
   */
  readonly parallel?: boolean | number;
}

/**
 * The standard chain for CRCNS AC1 as one operator: detrend, gate, signal, bin,
 * spectrogram, mask; for waveforms the same without spectrogram.
 *
 * - Out: responses `[T]` a repeat, float32, the same for both kinds of stimulus;
 *   stimuli `(1, F, T)`, dB, or waveforms `(1, T * audioRateHz * dtMs / 1000)`.
 *   `dtMs` is one option for both.
 *
 * @example The published settings up to 25.6 kHz
 * ```ts
 * import { crcnsAc1Pipeline, wehr } from "rxephys";
 *
 * const ready = wehr("data").pipe(crcnsAc1Pipeline({ fmaxHz: 25_600 }));
 * ```
 *
 * @example Waveforms at 96 kHz, 960 samples in a bin of 10 ms
 * ```ts
 * import { crcnsAc1Pipeline, wehr } from "rxephys";
 *
 * const sounds = wehr("data").pipe(
 *   crcnsAc1Pipeline({ dtMs: 10, stimuli: "waveform" }),
 * );
 * ```
 *
 * @throws {RangeError} When called, if an option does not exist or is outside its
 * range, or `audioRateHz` gives a waveform no whole number of samples in a bin.
 * @throws {TypeError} When called, if `stimuli` is neither of the two.
 */
export function crcnsAc1Pipeline(
  options: CrcnsAc1PipelineOptions = {},
): MonoTypeOperatorFunction<Session> {
  const act = "run the pipeline";
  checkOperatorOptions(act, "crcnsAc1Pipeline", options, OPTIONS);
  const operators = [
    detrend(pickedOptions(options, DETREND_OPTIONS)),
    gate(pickedOptions(options, GATE_OPTIONS)),
    signal(pickedOptions(options, SIGNAL_OPTIONS)),
    bin(pickedOptions(options, BIN_OPTIONS)),
    ...stimulusOperators(options),
    mask(pickedOptions(options, MASK_OPTIONS)),
    ...parallelSteps(options.parallel),
  ];
  return (sessions) =>
    operators.reduce((stream, operator) => stream.pipe(operator), sessions);
}

function stimulusOperators(
  options: CrcnsAc1PipelineOptions,
): MonoTypeOperatorFunction<Session>[] {
  const { stimuli = "spectrogram", audioRateHz = 96_000, dtMs = 5 } = options;
  if (stimuli === "spectrogram") {
    return [spectrogram(pickedOptions(options, SPECTROGRAM_OPTIONS))];
  }
  if (stimuli !== "waveform") {
    throw new TypeError(
      `Cannot run the pipeline: stimuli is ${stimuli}, ` +
        "expected spectrogram or waveform",
    );
  }
  samplesPerBin(audioRateHz, dtMs);
  return [];
}
