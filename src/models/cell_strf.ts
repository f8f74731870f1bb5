import type { CellMeta } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import type { BandScale } from "./_band_scale.ts";
import type { OutputNonlinearity } from "./output_nonlinearity.ts";

/** Where a field has its greatest weight. */
export interface StrfPeak {
  /** Index of the band, from 0. */
  readonly band: number;
  /** Index of the lag in bins, from 0. */
  readonly lag: number;
  /** Frequency of the band in Hz, if the bands are known. */
  readonly hz?: number;
  /** The lag in ms. */
  readonly ms: number;
}

/** Receptive field of one cell. */
export interface CellStrf extends BandScale {
  /** Index of the cell in the dataset of the fit. */
  readonly index: number;
  /** Metadata of the cell. */
  readonly cell: CellMeta;
  /** Name of the cell: its `cellId`, else its session, else its index. */
  readonly label: string;
  /**
   * Weights `(F, L)`, unit of the response per standard deviation of a band; lag k
   * weighs the stimulus k bins ago.
   */
  readonly weights: Tensor;
  /** Width of a bin in ms. */
  readonly dtMs: number;
  /** Frequency of each band in Hz, if known. */
  readonly bandsHz?: readonly number[];
  /** Response to a stimulus at the mean of every band. */
  readonly offset: number;
  /** Chosen penalty. */
  readonly ridge: number;
  /**
   * Fraction of the variance explained where the penalty was chosen, at most 1; NaN
   * if there was one penalty and no stimulus for validation.
   */
  readonly valFve: number;
  /** Where the greatest weight is. */
  readonly peak: StrfPeak;
  /** Output stage, if one was fitted. */
  readonly nonlinearity?: OutputNonlinearity;
}

/** Name of a cell. */
export function cellLabel(cell: CellMeta, index: number): string {
  return cell.cellId ?? cell.session ?? `cell ${index}`;
}

/** Place of the greatest weight of a field. */
export function strfPeak(
  { weights: { data, shape }, dtMs, bandsHz }: Pick<
    CellStrf,
    "weights" | "dtMs" | "bandsHz"
  >,
): StrfPeak {
  const lags = shape[1] as number;
  const at = data.reduce(
    (best, weight, i) => weight > (data[best] as number) ? i : best,
    0,
  );
  const [band, lag] = [Math.floor(at / lags), at % lags];
  const hz = bandsHz?.[band];
  return { band, lag, ...(hz !== undefined && { hz }), ms: lag * dtMs };
}
