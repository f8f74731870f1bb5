import {
  concatMap,
  defer,
  EMPTY,
  finalize,
  from,
  mergeMap,
  type Observable,
  of,
} from "rxjs";
import { countedOnce, SourceWarnings } from "../../sources/shared/warnings.ts";
import { checkDataFile, namedPath } from "../../publishers/data_path.ts";
import { shownName } from "../../http/address.ts";
import type { Session } from "../../session.ts";
import { checkedNwbSource } from "./_checked_options.ts";
import type { NwbSourceOptions } from "./nwb_source_options.ts";

const ACT = "stream NWB";

/**
 * Streams sessions of Neurodata Without Borders (NWB), the format of the DANDI
 * archive: one session per file.
 *
 * - Trials are the rows of a table of intervals, or the sweeps of patch
 *   electrodes; one of its columns names the stimulus. Trials of one stimulus are
 *   its repeats, first heard first. Rows without a stimulus, without an end, or
 *   with a part in `invalid_times` are skipped with a warning.
 * - Units with spike times are cells: counts `[T]` a repeat, float32,
 *   `T = max(1, round(length / dtMs))`, halves to even. Bin `k` holds the spikes at
 *   `start + k dt <= t < start + (k + 1) dt`, before the trial's end. A trial that
 *   `obs_intervals` do not cover is no repeat of the unit.
 * - Otherwise the channels of series are cells, and a repeat the samples at
 *   `start <= t < stop`, `[T]`; volts become mV. Samples of int8, uint8 and int16
 *   stay integers, with `conversion` and `channel_conversion` in `scale`, and
 *   floats in the right unit stay as they are; others, and all with an `offset`,
 *   become float64. Irregular timestamps get their mean rate; a trial with a gap
 *   is skipped with a warning.
 * - A stimulus is the series that its trials refer to (`timeseries`, tables of
 *   intracellular recordings, `sweep_number`), the series that has its name in
 *   `stimulus/presentation` or `stimulus/templates`, or the part of the only series
 *   there that covers its first trial. `[n]` is a waveform, `[T, F]` a tensor
 *   `(1, F, T)`. It is read when its presentation is.
 * - Metadata of cells: the plain columns of `units` or `electrodes`, and
 *   `session`, `cellId`, `animalId`, `species`, `date`, `area`; of stimuli: `name`,
 *   and the columns that all their trials share.
 * - Files of `toNwb` give the stream that was written: the same cells,
 *   presentations, kinds and units; samples, counts, waveforms and spectrograms
 *   bit by bit.
 * - In memory: the trials and spike times of a session, as far as `maxCacheBytes`
 *   allows, and what a sink is reading. Only the slices asked for are read.
 * - HDF5 is read by `h5wasm` 0.10.3 in a worker, which ends with the session.
 *
 * @example Spikes in bins of 10 ms, a dataset without waveforms
 * ```ts
 * import { mask, toDataset } from "rxephys";
 * import { nwb } from "rxephys/nwb";
 * import { lastValueFrom } from "rxjs";
 *
 * const read = () =>
 *   lastValueFrom(
 *     nwb("sub-m1_ses-2.nwb", {
 *       stimulusColumn: ["frequency", "level"],
 *       dtMs: 10,
 *       stimuli: "presence",
 *     }).pipe(mask(), toDataset()),
 *   );
 * ```
 *
 * @param data Path or `https:` address of a file; path of a folder, whose files
 * `*.nwb` are read in the order in which `toNwb` wrote them, or of their paths; or
 * several of these.
 * @throws {TypeError} When called, if `data` or an option is of another type.
 * @throws {RangeError} When called, if an option is outside its range or does
 * not exist, or an address holds a password.
 * @throws {DataNotFoundError} In the stream, if no file is there.
 * @throws {RecordingError} In the stream, if a file has no responses, or does not
 * have the tables, columns or series asked for, or several that might be meant;
 * the message lists them.
 * @throws {FormatError} In the stream, if a file is damaged, or not NWB.
 * @throws {UnsupportedError} In the stream, if a file is of NWB 1 or on Zarr, has
 * data that are not decoded, or refers to another file.
 * @throws {LimitError} In the stream, if a file claims more than `limits` allow.
 * @throws {ArchiveError} In the stream, if a file changes while it is read.
 */
export function nwb(
  data: string | URL | readonly (string | URL)[],
  options: NwbSourceOptions = {},
): Observable<Session> {
  const all: readonly unknown[] = Array.isArray(data) ? data : [data];
  if (all.length === 0) {
    throw new RangeError(`Cannot ${ACT}: data is empty, expected a path`);
  }
  for (const one of all) checkPath(one);
  const paths = (all as readonly (string | URL)[]).map(namedPath);
  const { options: checked, limits, onWarning } = checkedNwbSource(
    ACT,
    options,
  );
  return defer(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const taken = new Set<string>();
    const warnings = new SourceWarnings(countedOnce(onWarning));
    return defer(async () => {
      // Loaded only now, as the library is.
      const [{ nwbFiles }, reading] = await Promise.all([
        import("./_find_files.ts"),
        import("./_sessions.ts"),
      ]);
      const files: string[] = [];
      for (const path of paths) {
        files.push(...await nwbFiles(ACT, path, signal));
      }
      const { nwbContext } = reading;
      const context = nwbContext(checked, limits, warnings);
      return { files, context, ...reading };
    }).pipe(
      mergeMap(({ files, context, nwbSession, emptyError }) =>
        from(files).pipe(
          concatMap((path) =>
            defer(() => nwbSession(path, context, taken, signal)).pipe(
              mergeMap((session) => {
                if (session !== null) return of(session);
                const error = emptyError(path, context);
                if (files.length === 1) throw error;
                const place = { archive: shownName(path), member: "" };
                warnings.warn("empty-recording", place, error.message);
                return EMPTY;
              }),
            )
          ),
          finalize(() => void context.files.close()),
        )
      ),
      finalize(() => controller.abort()),
    );
  });
}

function checkPath(data: unknown): void {
  if (data === undefined || data === "" || data instanceof Blob) {
    const shown = data === "" ? "empty" : String(data);
    throw new TypeError(`Cannot ${ACT}: data is ${shown}, expected a path`);
  }
  checkDataFile(ACT, data, "data");
}
