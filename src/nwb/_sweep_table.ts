import type { Hdf5File, SeriesReference } from "./_hdf5_file.ts";
import { type Column, type TableType, writeTable } from "./_nwb_objects.ts";

const PATH = "general/intracellular_ephys/intracellular_recordings";

/** One repeat of a patch electrode. */
interface Sweep {
  /** Path of the electrode. */
  readonly electrode: string;
  /** Sound that was played, if the file has it. */
  readonly stimulus: SeriesReference | undefined;
  readonly response: SeriesReference;
  /** Row of the table of trials. */
  readonly trial: number;
}

/** NWB's table of intracellular recordings: a row for each trace of a patch. */
export class SweepTable {
  readonly #sweeps: Sweep[] = [];

  add(sweep: Sweep): void {
    this.#sweeps.push(sweep);
  }

  /** Writes the table, unless no cell has a patch electrode. */
  write(file: Hdf5File): void {
    const sweeps = this.#sweeps;
    if (sweeps.length === 0) return;
    // The schema fixes the descriptions of the four tables.
    const description =
      "A table to group together a stimulus and response from a single " +
      "electrode and a single simultaneous recording and for storing metadata " +
      "about the intracellular recording.";
    writeTable(file, PATH, "IntracellularRecordingsTable", description, {
      trial: {
        description: "row of the table trials",
        values: Int32Array.from(sweeps, ({ trial }) => trial),
      },
    });
    file.attributes(PATH, {
      categories: ["electrodes", "stimuli", "responses"],
    });
    writeCategory(file, "IntracellularElectrodesTable", "electrode", {
      description: "electrode of the trace",
      objects: sweeps.map(({ electrode }) => electrode),
    });
    writeCategory(file, "IntracellularStimuliTable", "stimulus", {
      description: "sound that was played",
      series: sweeps.map(({ stimulus, response: { series } }) =>
        stimulus ?? { start: -1, count: -1, series }
      ),
    });
    writeCategory(file, "IntracellularResponsesTable", "response", {
      description: "trace",
      series: sweeps.map(({ response }) => response),
    });
  }
}

/** Writes a table of one column that has the rows of the table around it. */
function writeCategory(
  file: Hdf5File,
  type: TableType,
  name: "electrode" | "response" | "stimulus",
  column: Column,
): void {
  const table = name === "stimulus" ? "stimuli" : `${name}s`;
  const description =
    `Table for storing intracellular ${name} related metadata.`;
  writeTable(file, `${PATH}/${table}`, type, description, { [name]: column });
}
