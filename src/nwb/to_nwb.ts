import { defer, mergeMap, type Observable, type OperatorFunction } from "rxjs";
import { checkFileOptions, checkPath } from "../sinks/files/file_options.ts";
import type { Session } from "../session.ts";
import type { NwbOptions, NwbSummary } from "./nwb_options.ts";

const ACT = "write NWB";

/**
 * Writes sessions as Neurodata Without Borders (NWB), the format of the DANDI
 * archive: one HDF5 file per session, each presentation as soon as it is read.
 *
 * - Traces are one series per repeat and cell, as stored and with a conversion to
 *   volts: `CurrentClampSeries` of a whole cell, `PatchClampSeries` of a
 *   cell-attached one, otherwise `TimeSeries`; raw ones in `acquisition`, others in
 *   `processing/responses`.
 * - Spike counts become `units`: a count of `n` is `n` spikes at the centre of its
 *   bin. A session without any spike has `silent_cells` in
 *   `processing/responses` instead. Other responses in bins are one series `[bins, cells]`, NaN where a cell
 *   has none.
 * - Waveforms are in `stimulus/presentation`; spectrograms `[bins, bands]` and
 *   their frequencies in `processing/stimuli`. Each is there once per file.
 * - `intervals/trials` has one row per repeat, with references to its stimulus and
 *   its traces; `intervals/presentations` one per stimulus, with the gate's counts;
 *   `intracellular_recordings` one per trace of a patch electrode.
 *   Trials follow one another without the pauses that the stream does not know.
 * - The file is `<folder>/<session>.nwb`; characters other than letters, digits,
 *   `.`, `-` and `_` become `_`. It is written as `.nwb.part` and renamed once it
 *   is whole. With `resume: true` a run continues after the last whole file;
 *   `rxephys-nwb.journal` in the folder lists them.
 * - In memory: `concurrency` presentations, the tables and the spike times of one
 *   session.
 * - Schema: NWB 2.11.0, stored in each file. Written by `h5wasm` 0.10.3; checked
 *   with pynwb 4.2.0 and nwbinspector 0.7.2.
 *
 * @example Files for DANDI
 * ```ts
 * import { wehr } from "rxephys";
 * import { toNwb } from "rxephys/nwb";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(wehr("data").pipe(toNwb("nwb", {
 *     describe: () => ({ lab: "Zador", institution: "CSHL" }),
 *   })));
 * ```
 *
 * @param folder Folder of the files; made if needed.
 * @throws {RangeError} When called, if an option is outside its range, or does
 * not exist.
 * @throws {TypeError} When called, if the folder is empty or an option has the
 * wrong type.
 * @throws {OutputError} In the stream, if a file exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toNwb(
  folder: string,
  options: NwbOptions = {},
): OperatorFunction<Session, NwbSummary> {
  checkPath(ACT, folder);
  checkFileOptions(ACT, options, ["compression", "describe"]);
  const { compression = "none", describe } = options;
  if (compression !== "none" && compression !== "gzip") {
    throw new RangeError(
      `Cannot ${ACT}: compression is ${
        String(compression)
      }, expected gzip or ` +
        "none",
    );
  }
  if (describe !== undefined && typeof describe !== "function") {
    throw new TypeError(
      `Cannot ${ACT}: describe is ${String(describe)}, expected a function`,
    );
  }
  return (sessions): Observable<NwbSummary> =>
    defer(() => import("./_write_nwb.ts")).pipe(
      mergeMap(({ writeNwb }) => writeNwb(sessions, folder, options)),
    );
}
