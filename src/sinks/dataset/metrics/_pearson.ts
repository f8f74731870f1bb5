import type { PooledPairs } from "./_pooled_pairs.ts";
import { productSums } from "./_product_sums.ts";

/** Pearson r, NaN where predictions or mean responses are constant. */
export function pearson(pairs: PooledPairs): number {
  const { predicted, observed, both } = productSums(pairs);
  // What is constant has products of exactly 0, and 0 / 0 is NaN.
  return both / Math.sqrt(predicted * observed);
}
