/** How the numbers of all cells become one: not at all, their mean, their sum. */
export type Reduction = "none" | "mean" | "sum";

/** Result of a metric: one number per cell, or one of all cells. */
export type Reduced<Kind extends Reduction> = Kind extends "none" ? Float64Array
  : number;

/**
 * Reduces the numbers of all cells; those that are NaN are left out.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @param values One number per cell.
 * @param reduction Default: `none`.
 * @returns The numbers themselves, or one: the mean of none is NaN, the sum 0.
 * @throws {RangeError} If there is no such reduction.
 */
export function reduced<Kind extends Reduction>(
  act: string,
  values: Float64Array,
  reduction: Kind | undefined,
): Reduced<Kind> {
  return reducedBy(act, values, reduction) as Reduced<Kind>;
}

function reducedBy(
  act: string,
  values: Float64Array,
  reduction: Reduction = "none",
): Float64Array | number {
  if (reduction === "none") return values;
  const defined = values.filter((value) => !Number.isNaN(value));
  const sum = defined.reduce((a, b) => a + b, 0);
  if (reduction === "sum") return sum;
  if (reduction === "mean") return sum / defined.length;
  throw new RangeError(
    `Cannot ${act}: reduction is ${
      String(reduction)
    }, expected none, mean or ` +
      "sum",
  );
}
