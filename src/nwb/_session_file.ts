import {
  type CellMeta,
  type CellResponse,
  isCellAttached,
  type Session,
  type Waveform,
} from "../session.ts";
import { lineageOf } from "../stream/lineage.ts";
import type { ReadPresentation } from "../stream/read_sessions.ts";
import type { Tensor } from "../tensor.ts";
import type { OpenFile } from "../platform/files.ts";
import { BinnedResponses } from "./_binned_responses.ts";
import type { FullDescription } from "./description.ts";
import { responseFacts } from "./_facts.ts";
import { Hdf5File, type SeriesReference } from "./_hdf5_file.ts";
import { metaColumns } from "./_meta_columns.ts";
import {
  type CoreType,
  objectOf,
  writeSeries,
  writeTable,
} from "./_nwb_objects.ts";
import { SpikeUnits } from "./_spike_units.ts";
import { StimulusSeries } from "./_stimulus_series.ts";
import { startNwb } from "./_start_nwb.ts";
import { SweepTable } from "./_sweep_table.ts";
import { TrialTables } from "./_trial_tables.ts";

/** Shortest trial in s: NWB's intervals end after they start. */
const SHORTEST = 1e-3;
const MODULE = "processing/responses";
/** Column of the cells' places in their data set. */
const NUMBER = "cell_number";

/** How a response is stored: as spike times, as a series of bins, or as traces. */
type Form = "bins" | "counts" | "trace";

/**
 * One NWB file, written while its session is read. In memory: the tables, and the
 * spike times.
 */
export class SessionFile implements Disposable {
  readonly #file: Hdf5File;
  readonly #cells: readonly CellMeta[];
  readonly #cellNumbers: readonly number[] | undefined;
  readonly #stimuli: StimulusSeries;
  readonly #units = new SpikeUnits();
  readonly #tables = new TrialTables();
  readonly #sweeps = new SweepTable();
  readonly #binned: BinnedResponses;
  readonly #electrodes = new Map<number, string>();
  #traces = 0;
  /** Whether all spikes so far are counts. */
  #areCounts = true;
  #endS = 0;

  private constructor(file: Hdf5File, session: Session) {
    const { cells } = session;
    this.#file = file;
    this.#cells = cells;
    this.#cellNumbers = lineageOf(session).cellNumbers;
    this.#stimuli = new StimulusSeries(file);
    this.#binned = new BinnedResponses(file, MODULE, cells.length);
  }

  /** Starts a file with all that is known before a presentation is read. */
  static async create(
    open: OpenFile,
    session: Session,
    description: FullDescription,
    isCompressed: boolean,
  ): Promise<SessionFile> {
    using opened = new DisposableStack();
    const file = opened.use(await Hdf5File.create(open, isCompressed));
    await startNwb(file, session.id, description);
    const made = new SessionFile(file, session);
    made.#begin();
    opened.move();
    return made;
  }

  /** Whether the file has a stimulus. */
  hasStimulus(key: string): boolean {
    return this.#stimuli.has(key);
  }

  /**
   * Writes one presentation.
   *
   * @param waveform The stimulus; null if the file has it.
   */
  write(
    { stimulus, trials }: ReadPresentation,
    waveform: Waveform | Tensor | null,
  ): void {
    const startS = this.#endS;
    const { key, durationMs } = stimulus;
    const { responses, tally } = trials;
    const repeats = Math.max(0, ...responses.map(repeatsOf));
    const trialS = trialSeconds(responses, durationMs);
    if (waveform !== null) this.#stimuli.write(stimulus, waveform, startS);
    // A silent cell has whole numbers also where spikes were smoothed.
    this.#areCounts &&= responses.every((response) =>
      response?.kind !== "spikes" || isCounts(response)
    );
    const presentation = this.#tables.presentation({
      startS,
      stopS: startS + Math.max(1, repeats) * trialS,
      stimulus: key,
      repeats,
      tally,
      facts: responseFacts(responses),
    });
    for (let repeat = 0; repeat < repeats; repeat++) {
      const at = startS + repeat * trialS;
      const series = [
        ...this.#stimuli.references(key),
        ...this.#writeTraces(responses, repeat, at, key),
      ];
      this.#tables.trial({
        startS: at,
        stopS: at + trialS,
        stimulus: key,
        presentation,
        repeat,
        series,
      });
    }
    const pick = (form: Form): (CellResponse | null)[] =>
      responses.map((response) =>
        response && this.#formOf(response) === form ? response : null
      );
    this.#units.add(pick("counts"), startS, trialS);
    this.#binned.write(pick("bins"), repeats, startS, trialS);
    this.#endS = startS + Math.max(1, repeats) * trialS;
  }

  /** Writes the tables, and closes the HDF5 file. */
  finish(): void {
    this.#stimuli.finish();
    this.#tables.write(this.#file);
    this.#sweeps.write(this.#file);
    this.#units.write(this.#file, MODULE, this.#cells);
    this.#file.finish();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #begin(): void {
    this.#file.group(MODULE, {
      ...objectOf("ProcessingModule"),
      description: "Cells, and their responses after processing",
    });
    writeTable(
      this.#file,
      `${MODULE}/cells`,
      "DynamicTable",
      "Cells of the session: row n is channel n of binned responses",
      {
        ...metaColumns(this.#cells, [NUMBER]),
        ...(this.#cellNumbers && {
          [NUMBER]: {
            description: "place of the cell in the data set's table of cells",
            values: Int32Array.from(this.#cellNumbers),
          },
        }),
      },
    );
  }

  /** Writes one repeat's traces, each as a series of its own. */
  *#writeTraces(
    responses: readonly (CellResponse | null)[],
    repeat: number,
    startS: number,
    stimulus: string,
  ): Generator<SeriesReference> {
    for (const [cell, response] of responses.entries()) {
      const samples = response?.repeats[repeat];
      if (!response || !samples) continue;
      if (this.#formOf(response) !== "trace") continue;
      const type = traceType(response, this.#cells[cell] ?? {});
      const isRaw = response.kind === "raw";
      const name = `trace_${this.#traces++}_cell_${cell}`;
      const path = `${isRaw ? "acquisition" : MODULE}/${name}`;
      writeSeries(this.#file, path, {
        type,
        description: `Cell ${cell}, repeat ${repeat} of stimulus ${stimulus}`,
        startS,
        rateHz: response.rateHz,
        ...unitOf(response),
        ...(type !== "TimeSeries" && {
          electrode: this.#electrodeOf(cell),
          stimulus,
        }),
      }, storable(samples));
      const series = this.#file.reference(path);
      const reference = { series, count: samples.length };
      if (type !== "TimeSeries") {
        this.#sweeps.add({
          electrode: this.#electrodeOf(cell),
          stimulus: this.#stimuli.references(stimulus)[0],
          response: reference,
          trial: this.#tables.trials,
        });
      }
      yield reference;
    }
  }

  #formOf({ kind, dtMs }: CellResponse): Form {
    if (kind === "spikes" && this.#areCounts) return "counts";
    return dtMs === undefined ? "trace" : "bins";
  }

  #electrodeOf(cell: number): string {
    const known = this.#electrodes.get(cell);
    if (known !== undefined) return known;
    const path = `/general/intracellular_ephys/cell_${cell}`;
    const { site, area, recordingType = "" } = this.#cells[cell] ?? {};
    const file = this.#file;
    if (this.#electrodes.size === 0) file.group("general/intracellular_ephys");
    file.group(path.slice(1), objectOf("IntracellularElectrode"));
    file.scalar(`${path}/description`, `Patch electrode, ${recordingType}`);
    file.scalar(`${path}/location`, String(site ?? area ?? "unknown"));
    file.scalar(`${path}/cell_id`, String(cell));
    file.link(`${path}/device`, "/general/devices/electrode");
    this.#electrodes.set(cell, path);
    return path;
  }
}

function traceType({ kind }: CellResponse, cell: CellMeta): CoreType {
  if (kind === "spikes") return "TimeSeries";
  if (isCellAttached(cell)) return "PatchClampSeries";
  const isWholeCell = cell.recordingType?.toLowerCase().includes("whole");
  return isWholeCell ? "CurrentClampSeries" : "TimeSeries";
}

/** Unit of NWB, and the factor from stored samples to it. */
function unitOf(
  { unit, kind, scale }: CellResponse,
): { readonly unit: string; readonly conversion: number } {
  const own = unit ?? (kind === "spikes" ? "spikes" : "mV");
  return own === "mV"
    ? { unit: "volts", conversion: scale / 1000 }
    : { unit: own, conversion: scale };
}

function repeatsOf(response: CellResponse | null): number {
  return response?.repeats.length ?? 0;
}

/** Length of every repeat in s: of the longest, or of the stimulus. */
function trialSeconds(
  responses: readonly (CellResponse | null)[],
  durationMs: number,
): number {
  let longest = Math.max(SHORTEST, durationMs / 1000);
  let binS = 0;
  for (const response of responses) {
    if (response === null) continue;
    const { dtMs, rateHz, repeats } = response;
    const stepS = dtMs === undefined ? 1 / rateHz : dtMs / 1000;
    if (dtMs !== undefined) binS = Math.max(binS, stepS);
    for (const { length } of repeats) {
      longest = Math.max(longest, length * stepS);
    }
  }
  // Whole bins, so that the bins of the next repeat follow without a gap.
  return binS === 0 ? longest : Math.ceil(longest / binS - 1e-9) * binS;
}

function isCounts({ repeats, scale }: CellResponse): boolean {
  return scale === 1 &&
    repeats.every((repeat) =>
      repeat.every((value) => Number.isInteger(value) && value >= 0)
    );
}

/** The samples, which are one of the classes that HDF5 stores. */
function storable(
  samples: CellResponse["repeats"][number],
): Float32Array | Float64Array | Int16Array {
  return samples as Float32Array | Float64Array | Int16Array;
}
