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

/** What is measured: predictions, responses, what of them counts. */
export interface Measured {
  /** `(B, N, T)`. */
  readonly predictions: Tensor;
  /** `(B, N, R, T)`. */
  readonly responses: Tensor;
  /** 1 where a response counts: `(B, N, R, T)`. */
  readonly validMask?: Tensor;
}

/** Metrics of predictions by name, called in one way. */
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

/** Every metric by name, called in one way; half splits as deepSTRF takes them. */
export const METRICS: typeof FITS = {
  ...FITS,
  signalPower: ({ responses, validMask }) =>
    signalPower(responses, { validMask }),
  noisePower: ({ responses, validMask }) =>
    noisePower(responses, { validMask }),
  snr: ({ responses, validMask }) => snr(responses, { validMask }),
  ccmax: ({ responses, validMask }) =>
    ccmax(responses, { validMask, splits: "first" }),
};

/** A tensor of the values in their order. */
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
  return ({ predictions, responses, validMask }) =>
    metric(predictions, responses, { validMask });
}
