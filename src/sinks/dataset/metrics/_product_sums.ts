import { repeatCovariance } from "../_repeat_covariance.ts";
import type { PooledPairs } from "./_pooled_pairs.ts";

/** Sums over bins of products about the means. */
export interface ProductSums {
  /** Of predictions with themselves, 0 exactly where they are constant. */
  readonly predicted: number;
  /** Of mean responses with themselves, likewise. */
  readonly observed: number;
  /** Of predictions with mean responses. */
  readonly both: number;
}

/** What correlation and explained variance need to know of the pairs. */
export function productSums(
  { predicted, observed }: PooledPairs,
): ProductSums {
  const [own, both, _, other] = repeatCovariance([predicted, observed]);
  return { predicted: own, observed: other, both };
}
