/**
 * Metrics: predictions and responses to one number per cell.
 *
 * @module
 */

export { ccmax, type CcmaxOptions } from "./ccmax.ts";
export type { SplitOptions } from "./repeat_quality.ts";
export type { SplitChoice } from "./_half_correlation.ts";
export { corrcoef } from "./corrcoef.ts";
export { fve } from "./fve.ts";
export type { MetricOptions } from "./per_cell.ts";
export { coherence, type CoherenceOptions } from "./coherence.ts";
export type { Reduced, Reduction } from "./reduction.ts";
export { mseLoss } from "./mse_loss.ts";
export { noisePower } from "./noise_power.ts";
export {
  normalizedCorrcoef,
  type NormalizedCorrcoefOptions,
} from "./normalized_corrcoef.ts";
export { poissonLoss, type PoissonLossOptions } from "./poisson_loss.ts";
export { signalPower } from "./signal_power.ts";
export { snr } from "./snr.ts";
