import type { CellResponse } from "../session.ts";
import type { Hdf5File } from "./_hdf5_file.ts";
import { writeSeries } from "./_nwb_objects.ts";

/** Series that grows by the bins of each repeat. */
interface GrowingSeries {
  readonly path: string;
  /** Where the next bins begin, in s. */
  endS: number;
}

/**
 * Responses in bins, all cells as the channels of one series: `[bins, cells]`,
 * NaN where a cell has no bin. A gap, or bins of another width, start a new one.
 */
export class BinnedResponses {
  readonly #file: Hdf5File;
  readonly #module: string;
  readonly #cells: number;
  readonly #growing = new Map<string, GrowingSeries>();
  readonly #count = new Map<string, number>();

  constructor(file: Hdf5File, module: string, cells: number) {
    this.#file = file;
    this.#module = module;
    this.#cells = cells;
  }

  /**
   * Appends one presentation.
   *
   * @param trialS Time between the starts of two repeats, a multiple of the bin.
   */
  write(
    responses: readonly (CellResponse | null)[],
    repeats: number,
    startS: number,
    trialS: number,
  ): void {
    const kinds = Map.groupBy(
      responses.flatMap((response, cell) =>
        response ? [{ response, cell }] : []
      ),
      ({ response }) =>
        JSON.stringify([response.kind, response.unit, response.dtMs]),
    );
    for (const [key, channels] of kinds) {
      const [first] = channels;
      if (first === undefined) continue;
      const { dtMs = 1, unit, kind } = first.response;
      const bins = Math.round(1000 * trialS / dtMs);
      const values = new Float32Array(repeats * bins * this.#cells).fill(NaN);
      for (const { cell, response } of channels) {
        for (const [repeat, samples] of response.repeats.entries()) {
          const from = repeat * bins * this.#cells + cell;
          samples.forEach((value, bin) => {
            values[from + bin * this.#cells] = value * response.scale;
          });
        }
      }
      const unitText = unit ?? (kind === "spikes" ? "spikes" : "mV");
      this.#append(key, kind, unitText, dtMs, startS, values);
    }
  }

  #append(
    key: string,
    kind: string,
    unit: string,
    dtMs: number,
    startS: number,
    values: Float32Array,
  ): void {
    const cells = this.#cells;
    const endS = startS + values.length / cells * dtMs / 1000;
    const before = this.#growing.get(key);
    if (before && Math.abs(before.endS - startS) < dtMs / 1e6) {
      const shape = [values.length / cells, cells];
      this.#file.append(`${before.path}/data`, values, shape);
      before.endS = endS;
      return;
    }
    const count = (this.#count.get(kind) ?? 0) + 1;
    this.#count.set(kind, count);
    const name = count === 1 ? `binned_${kind}` : `binned_${kind}_${count}`;
    const path = `${this.#module}/${name}`;
    writeSeries(
      this.#file,
      path,
      {
        type: "TimeSeries",
        description:
          "Responses in bins; channel n is row n of the table cells, " +
          "NaN where that cell has no bin",
        startS,
        rateHz: 1000 / dtMs,
        unit: unit === "mV" ? "volts" : unit,
        conversion: unit === "mV" ? 1e-3 : 1,
      },
      values,
      cells,
    );
    this.#growing.set(key, { path, endS });
  }
}
