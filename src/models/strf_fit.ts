import { checkCount } from "../base/check.ts";
import { displayable, htmlTable } from "../base/jupyter.ts";
import { printable } from "../base/printable.ts";
import { collate } from "../dataset/collate.ts";
import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import type { SplitStimuli } from "../dataset/split_stimuli.ts";
import { corrcoef } from "../metrics/corrcoef.ts";
import { fve } from "../metrics/fve.ts";
import { normalizedCorrcoef } from "../metrics/normalized_corrcoef.ts";
import type { Tensor } from "../tensor.ts";
import { predicted } from "./_predict.ts";
import { splitsOf } from "./_splits.ts";
import type { CellStrf } from "./cell_strf.ts";
import { jsonOf, parsedCells, type StrfJson } from "./_strf_json.ts";

const NO_BOUNDS = { maxRepeats: Infinity, maxBytes: Infinity };

/** Scores of a cell on stimuli that it heard, NaN where they are not defined. */
export interface CellScore {
  /** Name of the cell. */
  readonly label: string;
  /** Number of the stimuli. */
  readonly stimuli: number;
  /** Correlation with the mean response. */
  readonly cc: number;
  /** Normalized correlation (Schoppe et al. 2016). */
  readonly ccNorm: number;
  /** Fraction of the variance that is explained. */
  readonly fve: number;
}

/** Options of {@linkcode StrfFit.predict}. */
export interface PredictOptions {
  /**
   * Whether to leave out the output stages of a fit that has them.
   *
   * @default {false}
   */
  readonly linear?: boolean;
}

/**
 * Receptive fields of some cells, which predict responses to other stimuli. Made by
 * `fitStrf`, `fitNonlinearity` and {@linkcode StrfFit.fromJson}.
 *
 * In a notebook it shows a table of its cells.
 *
 * @example Keeping a fit
 * ```ts
 * import { StrfFit } from "rxephys/models";
 *
 * async function keep(fit: StrfFit, path: string): Promise<StrfFit> {
 *   await Deno.writeTextFile(path, JSON.stringify(fit));
 *   return StrfFit.fromJson(JSON.parse(await Deno.readTextFile(path)));
 * }
 * ```
 */
export class StrfFit {
  /** The fields, in the order of the cells of the fit. */
  readonly cells: readonly CellStrf[];

  /**
   * Makes a fit of fields.
   *
   * @param cells Fields of one number of bands, at least one.
   */
  constructor(cells: readonly CellStrf[]) {
    checkCount("make a fit", "number of cells", cells.length, 1);
    this.cells = cells;
    printable(this, textOf);
    displayable(this, htmlOf, textOf);
  }

  /** Number of bands of a stimulus, F. */
  get bands(): number {
    return this.#first.weights.shape[0] as number;
  }

  /** Number of lags, L. */
  get lags(): number {
    return this.#first.weights.shape[1] as number;
  }

  /** Width of a bin in ms. */
  get dtMs(): number {
    return this.#first.dtMs;
  }

  /**
   * Predicts the responses of the cells.
   *
   * @param stims Stimulus `(1, F, T)`, or those of a batch `(B, 1, F, T)`.
   * @returns Responses `(N, T)`, or `(B, N, T)`.
   * @throws {RangeError} If bands or bin width differ from those of the fit.
   */
  predict(stims: Tensor, { linear = false }: PredictOptions = {}): Tensor {
    this.#checkStims(stims);
    const { data, shape } = stims;
    const count = shape.length === 4 ? shape[0] as number : 1;
    const [bands, bins] = [this.bands, shape.at(-1) as number];
    const out = new Float32Array(count * this.cells.length * bins);
    for (let b = 0; b < count; b++) {
      const from = b * bands * bins;
      const stim: Tensor = {
        data: data.subarray(from, from + bands * bins),
        shape: [1, bands, bins],
      };
      for (const [n, row] of predicted(this.cells, stim, linear).entries()) {
        out.set(row, (b * this.cells.length + n) * bins);
      }
    }
    const lead = shape.length === 4 ? [count] : [];
    return {
      data: out,
      shape: [...lead, this.cells.length, bins],
      dtMs: this.dtMs,
    };
  }

  /**
   * Scores each cell on the stimuli `test` of its split that it heard.
   *
   * @param dataset The dataset of the fit, or one with the same cells.
   * @param split One split for all cells, or one for each.
   * @throws {RangeError} If a cell or stimulus is not in the dataset, or bands or
   * bin width differ from those of the fit.
   */
  score(
    dataset: NeuralDataset,
    split: SplitStimuli | readonly SplitStimuli[],
  ): CellScore[] {
    const indices = this.cells.map(({ index }) => index);
    const splits = splitsOf("score a fit", dataset, indices, split);
    return this.cells.map((cell, i) => {
      const { test } = splits[i] as SplitStimuli;
      const heard = test.filter((s) => dataset.nrnMasks[s]?.[cell.index]);
      const [label, stimuli] = [cell.label, heard.length];
      if (stimuli === 0) {
        return { label, stimuli, cc: NaN, ccNorm: NaN, fve: NaN };
      }
      const batch = collate(dataset, heard, [cell.index], NO_BOUNDS);
      const { stims, responses, validMask } = batch;
      const predictions = new StrfFit([cell]).predict(stims);
      const first = (scores: Float64Array): number => scores[0] as number;
      const options = { validMask };
      return {
        label,
        stimuli,
        cc: first(corrcoef(predictions, responses, options)),
        ccNorm: first(normalizedCorrcoef(predictions, responses, options)),
        fve: first(fve(predictions, responses, options)),
      };
    });
  }

  /** The fit as plain data for JSON. */
  toJson(): StrfJson {
    return jsonOf(this.cells);
  }

  /** As {@linkcode StrfFit.toJson}: `JSON.stringify(fit)` calls it. */
  toJSON(): StrfJson {
    return this.toJson();
  }

  /**
   * Makes the fit that {@linkcode StrfFit.toJson} described.
   *
   * @param json Parsed JSON.
   * @throws {FormatError} If it is not the JSON of a fit.
   */
  static fromJson(json: unknown): StrfFit {
    return new StrfFit(parsedCells(json));
  }

  get #first(): CellStrf {
    return this.cells[0] as CellStrf;
  }

  #checkStims({ shape, dtMs, bandsHz }: Tensor): void {
    const [lead, F] = [shape.slice(0, -2), shape.at(-2)];
    const isStims = (lead.length === 1 || lead.length === 2) &&
      lead.at(-1) === 1;
    if (!isStims || F !== this.bands) {
      throw new RangeError(
        `Cannot predict: shape of stims is ${shape}, expected 1,${this.bands},T ` +
          `or B,1,${this.bands},T`,
      );
    }
    if (dtMs !== undefined && dtMs !== this.dtMs) {
      throw new RangeError(
        `Cannot predict: dtMs is ${dtMs}, expected ${this.dtMs} as in the fit`,
      );
    }
    const own = this.#first.bandsHz;
    const other = bandsHz?.findIndex((hz, i) => hz !== (own?.[i] ?? hz)) ?? -1;
    if (other >= 0) {
      throw new RangeError(
        `Cannot predict: band ${other} is at ${
          bandsHz?.[other]
        } Hz, expected ` +
          `${own?.[other]} Hz as in the fit`,
      );
    }
  }
}

function textOf(fit: StrfFit): string {
  const { bands, lags, dtMs, cells } = fit;
  return `StrfFit of ${cells.length} cells, ${bands} bands, ${lags} lags of ` +
    `${dtMs} ms`;
}

function htmlOf(fit: StrfFit): string {
  const rows = fit.cells.map((
    { label, ridge, valFve, peak, nonlinearity },
  ) => [
    label,
    ridge,
    Number.isNaN(valFve) ? "-" : Number(valFve.toFixed(3)),
    peak.hz === undefined
      ? `band ${peak.band}`
      : `${(peak.hz / 1000).toFixed(1)} kHz`,
    peak.ms,
    nonlinearity?.kind ?? "linear",
  ]);
  return htmlTable(textOf(fit), [
    ...["cell", "ridge", "validation FVE", "peak", "peak lag (ms)", "output"],
  ], rows);
}
