import type { MonoTypeOperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import { checkOperatorOptions, pickedOptions } from "./_arguments.ts";
import { samplesPerBin } from "./_masked_stimulus.ts";
import { mask } from "./mask.ts";
import { parallelSteps } from "./parallel.ts";
import {
  normalize,
  type NormalizeMethod,
  type NormalizeOptions,
} from "./normalize.ts";

const OPTIONS = [
  ...["normalize", "logOffset", "ranges", "onRanges"] as const,
  ...["stimuli", "audioRateHz", "parallel"] as const,
];

/** Options for {@linkcode wingert2026Pipeline}. */
export interface Wingert2026PipelineOptions
  extends Pick<NormalizeOptions, "logOffset" | "ranges" | "onRanges"> {
  /**
   * Form of the stimuli, as that of the source: `spectrogram`, or `waveform`,
   * which {@linkcode mask} resamples to `audioRateHz`.
   *
   * @default {"spectrogram"}
   */
  readonly stimuli?: "spectrogram" | "waveform";
  /**
   * Sampling rate of waveforms in Hz, above 0 to 1,000,000; a whole number of
   * samples in a bin of 10 ms. Spectrograms do not use it.
   *
   * @default {44_100}
   */
  readonly audioRateHz?: number;
  /**
   * How stimuli and responses are mapped to 0 to 1: the `method` of
   * {@linkcode normalize}.
   *
   * @default {"bandAndNeuron"}
   */
  readonly normalize?: NormalizeMethod;
  /**
   * Whether {@linkcode parallel} is part of the chain: true for a worker per
   * core where they pay, or a number of workers, 1 to 64.
   *
   * @default {false}
   */
  readonly parallel?: boolean | number;
}

/**
 * The standard chain for the Wingert et al. 2026 recordings as one operator. The
 * recordings are stored binned and aligned, so that {@linkcode normalize} is all
 * of it; with waveforms {@linkcode mask} before it.
 *
 * - Out: stimuli `(1, 32, T)` and repeats `[T]`, float32, bins of 10 ms; 0 to 1,
 *   or magnitudes and spike counts with `normalize: "none"`. Waveforms are
 *   `(1, T * audioRateHz / 100)`, and stay as they are.
 * - Without `ranges` the first read passes over the whole stream, which
 *   {@linkcode toDataset} does not read again.
 * - No smoothing: a window of 21 ms holds one bin and changes nothing.
 *
 * @example The dataset of one site, as the public loader makes it
 * ```ts
 * import { toDataset, wingert2026, wingert2026Pipeline } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(
 *     wingert2026("data", { site: "CLT027c" })
 *       .pipe(wingert2026Pipeline(), toDataset()),
 *   );
 * ```
 *
 * @throws {TypeError} When called, if `normalize` is none of the three, or
 * `stimuli` none of the two.
 * @throws {RangeError} When called, if an option does not exist or is out of
 * range, or `ranges` do not fit.
 */
export function wingert2026Pipeline(
  options: Wingert2026PipelineOptions = {},
): MonoTypeOperatorFunction<Session> {
  const act = "run the pipeline";
  checkOperatorOptions(act, "wingert2026Pipeline", options, OPTIONS);
  const { normalize: method } = options;
  const operators = [
    ...parallelSteps(options.parallel),
    ...waveformSteps(options),
    normalize({
      ...pickedOptions(options, ["logOffset", "ranges", "onRanges"]),
      ...(method !== undefined && { method }),
    }),
  ];
  return (sessions) =>
    operators.reduce((stream, operator) => stream.pipe(operator), sessions);
}

function waveformSteps(
  { stimuli = "spectrogram", audioRateHz = 44_100 }: Wingert2026PipelineOptions,
): MonoTypeOperatorFunction<Session>[] {
  if (stimuli === "spectrogram") return [];
  if (stimuli === "waveform") {
    samplesPerBin(audioRateHz, 10);
    return [mask({ audioRateHz })];
  }
  throw new TypeError(
    `Cannot run the pipeline: stimuli is ${String(stimuli)}, expected ` +
      "spectrogram or waveform",
  );
}
