import type { PooledPairs } from "./_pooled_pairs.ts";

/** Sum over bins of squared differences of prediction and mean response. */
export function squaredError({ predicted, observed }: PooledPairs): number {
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) {
    sum += (predicted[i] - observed[i]) ** 2;
  }
  return sum;
}
