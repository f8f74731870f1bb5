import type { Tensor } from "../tensor.ts";
import { type BandScale, scaledBands } from "./_band_scale.ts";
import type { CellStrf } from "./cell_strf.ts";
import { nonlinearOutput } from "./output_nonlinearity.ts";

/**
 * Responses of cells to one stimulus.
 *
 * @param stim Stimulus `(1, F, T)`.
 * @param isLinear Whether to leave output stages out.
 * @returns Response of each cell `[T]`.
 */
export function predicted(
  cells: readonly CellStrf[],
  stim: Tensor,
  isLinear: boolean,
): Float64Array[] {
  const bins = stim.shape.at(-1) ?? 0;
  // Cells of one group share the arrays of their scale.
  const scaled = new Map<BandScale["means"], Float64Array[]>();
  return cells.map((cell) => {
    const rows = scaled.get(cell.means) ?? scaledBands(stim, cell, bins);
    scaled.set(cell.means, rows);
    const out = linear(cell, rows, bins);
    const { nonlinearity } = cell;
    return isLinear || nonlinearity === undefined
      ? out
      : out.map((x) => nonlinearOutput(nonlinearity, x));
  });
}

function linear(
  { weights: { data, shape }, offset }: CellStrf,
  rows: readonly Float64Array[],
  bins: number,
): Float64Array {
  const lags = shape[1] as number;
  const out = new Float64Array(bins).fill(offset);
  for (const [f, row] of rows.entries()) {
    for (let lag = 0; lag < lags; lag++) {
      const weight = data[f * lags + lag] as number;
      for (let t = lag; t < bins; t++) {
        (out[t] as number) += weight * (row[t - lag] as number);
      }
    }
  }
  return out;
}
