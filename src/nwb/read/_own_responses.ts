import type { CellResponse, Samples } from "../../session.ts";
import type { NwbContext } from "./_context.ts";
import type { NwbFile } from "./_nwb_file.ts";
import type { OwnHeard, ResponseFacts } from "./_own_session.ts";
import { openSeries, rowsBetween, type Series } from "./_series.ts";
import type { NwbTable } from "./_table.ts";
import { TraceReader } from "./_traces.ts";
import { countsOf, openSpikes, openUnits, type Spikes } from "./_units.ts";

const MODULE = "processing/responses";

/** Spikes of the cells that have them. */
interface OwnSpikes extends Spikes {
  /** Unit of a cell. */
  readonly unitOf: ReadonlyMap<number, number>;
}

/** Reads the responses of a file that `toNwb` wrote as they were written. */
export class OwnResponses {
  readonly #traces: TraceReader;
  readonly #spikes: OwnSpikes | null;
  readonly #binned: readonly Series[];

  private constructor(
    context: NwbContext,
    spikes: OwnSpikes | null,
    binned: readonly Series[],
  ) {
    this.#spikes = spikes;
    this.#binned = binned;
    this.#traces = new TraceReader({
      isStored: true,
      series: () => Promise.resolve([]),
      cellOf: ({ path }) => cellOfName(path),
    }, context);
  }

  static async open(file: NwbFile, context: NwbContext): Promise<OwnResponses> {
    const table = await openUnits(file) ??
      await openUnits(file, `${MODULE}/silent_cells`);
    const binned: Series[] = [];
    for (const name of await file.names(MODULE)) {
      if (!name.startsWith("binned_")) continue;
      binned.push(await openSeries(file, `${MODULE}/${name}`));
    }
    const spikes = table && await ownSpikes(file, table, context);
    return new OwnResponses(context, spikes, binned);
  }

  /** Memory that they keep. */
  get bytes(): number {
    return this.#spikes?.bytes ?? 0;
  }

  /** Responses to one stimulus. */
  async read(
    file: NwbFile,
    { trials, facts }: OwnHeard,
    cells: number,
    take: (bytes: number) => void,
  ): Promise<(CellResponse | null)[]> {
    const hasTraces = trials.some(({ responses }) => responses.length > 0);
    const traces = hasTraces
      ? await this.#traces.read(file, trials, cells)
      : [];
    const responses: (CellResponse | null)[] = [];
    for (let cell = 0; cell < cells; cell++) {
      const own = facts.get(cell);
      const trace = traces[cell];
      const repeats = own === undefined ? [] : trace?.repeats ??
        await this.#counts(file, cell, own, trials, take) ??
        await this.#bins(file, cell, own, trials, take);
      responses.push(own && repeats.length > 0 ? { ...own, repeats } : null);
    }
    return responses;
  }

  /** Counts of a cell; undefined if it has none in these trials. */
  async #counts(
    file: NwbFile,
    cell: number,
    { kind, dtMs, rateHz }: ResponseFacts,
    trials: OwnHeard["trials"],
    take: (bytes: number) => void,
  ): Promise<readonly Samples[] | undefined> {
    const spikes = this.#spikes;
    const unit = spikes?.unitOf.get(cell);
    if (kind !== "spikes" || !spikes || unit === undefined) return undefined;
    const times = await spikes.timesOf(file, unit);
    const counting = { dtMs: dtMs ?? 1000 / rateHz, isCut: true };
    const observed = spikes.observed?.[unit];
    return countsOf(times, observed, trials, counting, take)?.repeats;
  }

  /** Bins of a cell: its channel of a series, as far as it is not NaN. */
  async #bins(
    file: NwbFile,
    cell: number,
    { kind, dtMs = 1, scale }: ResponseFacts,
    trials: OwnHeard["trials"],
    take: (bytes: number) => void,
  ): Promise<readonly Samples[]> {
    const repeats: Samples[] = [];
    for (const series of this.#binned) {
      const isKind = series.path.startsWith(`${MODULE}/binned_${kind}`);
      const isRate = Math.abs(series.rateHz * dtMs / 1000 - 1) < 1e-9;
      if (!isKind || !isRate) continue;
      const channels = series.channels ?? 1;
      for (const { startS, stopS } of trials) {
        const rows = await rowsBetween(file, series, startS, stopS);
        if (rows === null) continue;
        const [start, stop] = rows;
        take(4 * (stop - start) * channels);
        const values = await file.numbers(`${series.path}/data`, {
          start,
          stop,
        });
        const own = new Float32Array(stop - start);
        for (let bin = 0; bin < own.length; bin++) {
          own[bin] = values[bin * channels + cell] as number / scale;
        }
        const end = own.findLastIndex((value) => !Number.isNaN(value)) + 1;
        if (end > 0) repeats.push(own.subarray(0, end));
      }
      if (repeats.length > 0) return repeats;
    }
    return repeats;
  }
}

async function ownSpikes(
  file: NwbFile,
  table: NwbTable,
  context: NwbContext,
): Promise<OwnSpikes> {
  const cells = await table.numbers(file, "cell");
  const spikes = await openSpikes(file, table, context);
  const unitOf = new Map(Array.from(cells, (cell, unit) => [cell, unit]));
  return { ...spikes, unitOf };
}

/** Cell of a trace by its name, such as `trace_12_cell_0`. */
function cellOfName(path: string): number | undefined {
  const [, cell] = /_cell_(\d+)$/.exec(path) ?? [];
  return cell === undefined ? undefined : Number(cell);
}
