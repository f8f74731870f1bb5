import type { Tensor } from "../../tensor.ts";
import type { Repeats } from "./repeats.ts";
import type { Overlay } from "./response_panels.ts";

/** A model's response: `[T]`, or a tensor `(T)`, `(1, T)` or `(1, 1, T)`. */
export type Prediction = ArrayLike<number> | Tensor;

/**
 * A prediction as a curve in the unit of the axis.
 *
 * @throws {RangeError} If its length is not that of the response.
 */
export function overlaysOf(
  act: string,
  { rows, bins, from, factor }: Repeats,
  prediction: Prediction | undefined,
  text: string = "prediction",
): Overlay[] {
  if (prediction === undefined) return [];
  const values = "shape" in prediction ? prediction.data : prediction;
  if (values.length !== bins) {
    throw new RangeError(
      `Cannot ${act}: the prediction has ${values.length} bins, ` +
        `expected ${bins}, as the response`,
    );
  }
  const length = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const shown = Float64Array.from(
    { length },
    (_, t) => (values[from + t] as number) * factor,
  );
  return [{ values: shown, text }];
}
