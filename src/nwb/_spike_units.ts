import type { CellMeta, CellResponse } from "../session.ts";
import type { Hdf5File } from "./_hdf5_file.ts";
import { metaColumns } from "./_meta_columns.ts";
import { endsOf, writeTable } from "./_nwb_objects.ts";

/** Numbers in memory that doubles as it fills. */
class Numbers {
  #values = new Float64Array(64);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const more = new Float64Array(2 * this.#length);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.#length++] = value;
  }

  get all(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Spikes of one cell, in s. */
interface Unit {
  readonly times: Numbers;
  /** Starts and ends of the repeats in which its spikes were counted. */
  readonly observed: Numbers;
  /** Width of a bin. */
  stepS: number;
}

/**
 * NWB's table of units: the cells with spike counts. A count of `n` becomes `n`
 * spikes at the centre of its bin.
 */
export class SpikeUnits {
  readonly #units = new Map<number, Unit>();

  /** Adds one presentation; null for a cell without counts. */
  add(
    responses: readonly (CellResponse | null)[],
    startS: number,
    trialS: number,
  ): void {
    for (const [cell, response] of responses.entries()) {
      if (response === null) continue;
      const { dtMs, rateHz, repeats } = response;
      const stepS = dtMs === undefined ? 1 / rateHz : dtMs / 1000;
      const unit = this.#unitOf(cell, stepS);
      for (const [repeat, counts] of repeats.entries()) {
        const at = startS + repeat * trialS;
        unit.observed.push(at);
        unit.observed.push(at + counts.length * stepS);
        counts.forEach((count, bin) => {
          for (let spike = 0; spike < count; spike++) {
            unit.times.push(at + (bin + 0.5) * stepS);
          }
        });
      }
    }
  }

  /**
   * Writes the table, unless no cell has counts.
   *
   * @param module Module that has the table instead if there is no spike at all.
   */
  write(file: Hdf5File, module: string, cells: readonly CellMeta[]): void {
    if (this.#units.size === 0) return;
    const units = [...this.#units].sort(([a], [b]) => a - b);
    const times = units.map(([, unit]) => unit.times.all);
    const observed = units.map(([, unit]) => unit.observed.all);
    const spikes = joined(times);
    const own = {
      ...(spikes.length > 0 && {
        spike_times: {
          description: "centre of each spike's bin in s",
          values: spikes,
          ends: endsOf(times),
        },
      }),
      obs_intervals: {
        description: "repeats in which the unit's spikes were counted, in s",
        values: joined(observed),
        width: 2,
        ends: endsOf(observed).map((end) => end / 2),
      },
      cell: {
        description: "row of the cell in the table cells",
        values: Int32Array.from(units, ([cell]) => cell),
      },
      bin_width: {
        description: "width of the bins in which spikes were counted, in s",
        values: Float64Array.from(units, ([, { stepS }]) => stepS),
      },
    };
    const metas = units.map(([cell]) => cells[cell] ?? {});
    const taken = [
      ...Object.keys(own),
      ...["electrodes", "electrode_group", "waveform_mean", "waveform_sd"],
      ...["waveforms", "spike_times_index", "obs_intervals_index"],
    ];
    const columns = { ...own, ...metaColumns(metas, taken) };
    if (spikes.length === 0) {
      // NWB's inspector refuses units of which none has a spike.
      const path = `${module}/silent_cells`;
      writeTable(file, path, "DynamicTable", "Cells without a spike", columns);
      return;
    }
    writeTable(file, "units", "Units", "Cells with spike counts", columns);
    const resolution = Math.min(...units.map(([, { stepS }]) => stepS));
    file.attributes("units/spike_times", { resolution });
  }

  #unitOf(cell: number, stepS: number): Unit {
    const known = this.#units.get(cell);
    if (known) {
      known.stepS = Math.max(known.stepS, stepS);
      return known;
    }
    const unit = { times: new Numbers(), observed: new Numbers(), stepS };
    this.#units.set(cell, unit);
    return unit;
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  const all = new Float64Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
