import type { Tensor } from "../../src/tensor.ts";
import { ccmax } from "../../src/metrics/ccmax.ts";
import { corrcoef } from "../../src/metrics/corrcoef.ts";
import { fve } from "../../src/metrics/fve.ts";
import type { MetricOptions } from "../../src/metrics/per_cell.ts";
import { mseLoss } from "../../src/metrics/mse_loss.ts";
import { noisePower } from "../../src/metrics/noise_power.ts";
import { normalizedCorrcoef } from "../../src/metrics/normalized_corrcoef.ts";
import { poissonLoss } from "../../src/metrics/poisson_loss.ts";
import { signalPower } from "../../src/metrics/signal_power.ts";
import { snr } from "../../src/metrics/snr.ts";

/** Input of a metric. */
export interface Measured {
  /** `(B, N, T)`. */
  readonly predictions: Tensor;
  /** `(B, N, R, T)`. */
  readonly responses: Tensor;
  /** 1 where a response counts: `(B, N, R, T)`. */
  readonly validMask?: Tensor;
}

/** Metrics of predictions by name, with a common signature. */
export const FITS: Readonly<Record<string, (all: Measured) => Float64Array>> = {
  corrcoef: fit(corrcoef),
  fve: fit(fve),
  mseLoss: fit(mseLoss),
  poissonLoss: fit(poissonLoss),
  schoppe: fit((p, r, options) =>
    normalizedCorrcoef(p, r, { ...options, method: "schoppe" })
  ),
  hsu: fit((p, r, options) =>
    normalizedCorrcoef(p, r, { ...options, method: "hsu", splits: "first" })
  ),
};

/** Every metric by name, with a common signature and deepSTRF's half splits. */
export const METRICS: typeof FITS = {
  ...FITS,
  signalPower: (all) => signalPower(all.responses, optionsOf(all)),
  noisePower: (all) => noisePower(all.responses, optionsOf(all)),
  snr: (all) => snr(all.responses, optionsOf(all)),
  ccmax: (all) => ccmax(all.responses, { ...optionsOf(all), splits: "first" }),
};

/** Builds a tensor from values in C order. */
export function tensor(
  shape: readonly number[],
  values: Iterable<number>,
): Tensor {
  return { shape, data: Float32Array.from(values) };
}

function fit(
  metric: (
    predictions: Tensor,
    responses: Tensor,
    options: MetricOptions,
  ) => Float64Array,
): (all: Measured) => Float64Array {
  return (all) => metric(all.predictions, all.responses, optionsOf(all));
}

function optionsOf({ validMask }: Measured): MetricOptions {
  return validMask ? { validMask } : {};
}
