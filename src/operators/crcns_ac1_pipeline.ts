import type { MonoTypeOperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import { bin, type BinOptions } from "./bin.ts";
import { detrend, type DetrendOptions } from "./detrend.ts";
import { gate, type GateOptions } from "./gate.ts";
import { mask } from "./mask.ts";
import { signal, type SignalOptions } from "./signal.ts";
import { spectrogram, type SpectrogramOptions } from "./spectrogram.ts";

/** Options for {@linkcode crcnsAc1Pipeline}: those of its operators, by name. */
export interface CrcnsAc1PipelineOptions
  extends
    DetrendOptions,
    GateOptions,
    SignalOptions,
    BinOptions,
    SpectrogramOptions {}

/**
 * The standard chain for CRCNS AC1 as one operator: detrend, gate, signal, bin,
 * spectrogram, mask.
 *
 * - Out: responses `[T]` a repeat, float32; stimuli `(1, F, T)`, dB. `dtMs` is
 *   one option for both.
 *
 * @example The published settings up to 25.6 kHz
 * ```ts
 * import { crcnsAc1Pipeline, wehr } from "rxephys";
 *
 * const ready = wehr("data").pipe(crcnsAc1Pipeline({ fmaxHz: 25_600 }));
 * ```
 *
 * @throws {RangeError} When called, if an option is outside its range.
 */
export function crcnsAc1Pipeline(
  options: CrcnsAc1PipelineOptions = {},
): MonoTypeOperatorFunction<Session> {
  const operators = [
    detrend(options),
    gate(options),
    signal(options),
    bin(options),
    spectrogram(options),
    mask(),
  ];
  return (sessions) =>
    operators.reduce((stream, operator) => stream.pipe(operator), sessions);
}
