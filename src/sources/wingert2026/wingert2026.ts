import { defer, finalize, mergeMap, type Observable } from "rxjs";
import { checkOptions, checkRange } from "../../base/check.ts";
import type { Session } from "../../session.ts";
import type { DataFile } from "../../publishers/data_path.ts";
import {
  checkSourceOptions,
  SOURCE_OPTIONS,
  type SourceOptions,
} from "../shared/options.ts";
import { countedOnce, SourceWarnings } from "../shared/warnings.ts";
import {
  checkWingertData,
  readCells,
  type WingertFiles,
} from "./_read_cells.ts";
import { checkFilters, FILTERS, type Wingert2026Filters } from "./filters.ts";
import type { WingertSubset } from "./session.ts";

export type { WingertFiles } from "./_read_cells.ts";

/** Options for {@linkcode wingert2026}. */
export interface Wingert2026Options extends Wingert2026Filters, SourceOptions {
  /**
   * Stimuli to stream: those for validating models (`val`, `STIM_00*`), those for
   * estimating them (`est`), or both.
   *
   * @default {"all"}
   */
  readonly subset?: WingertSubset;
  /**
   * Cell list: its path or address, or the file itself.
   *
   * @default `cell_list.csv` beside the recordings
   */
  readonly cellList?: DataFile;
  /**
   * Form of the stimuli: the spectrograms of the release, or the sounds
   * themselves, of `wav.zip`.
   *
   * @default {"spectrogram"}
   */
  readonly stimuli?: "spectrogram" | "waveform";
  /**
   * Silence before each sound in ms, 0 to 10,000, for `stimuli: "waveform"`. The
   * tables do not state it; deepSTRF found 1000 in all sessions.
   *
   * @default {1000}
   */
  readonly prestimMs?: number;
  /**
   * Sounds, for `stimuli: "waveform"`: path or address of `wav.zip`, the zip
   * itself, or the path of a folder with its files.
   *
   * @default `wav.zip`, else the folder `wav`, beside the recordings
   */
  readonly wav?: DataFile;
}

/**
 * Streams the Wingert et al. 2026 recordings: single units of ferret auditory
 * cortex answering sequences of natural sounds, many cells a session.
 *
 * - Out: sessions in code-unit order of their names, with the cells asked for;
 *   stimuli `(1, 32, T)`, gammatone magnitudes in bins of 10 ms as they are in
 *   the release; responses are spike counts per bin, `[T]` a repeat. There is
 *   nothing to detrend, bin or mask: see {@linkcode wingert2026Pipeline}.
 * - With `stimuli: "waveform"` a stimulus is its sound, float32, the mean of its
 *   channels: `prestimMs` of silence, the sound, and silence up to T bins; what is
 *   longer is cut. At 44.1 kHz a bin has 441 samples; {@linkcode mask} makes it a
 *   tensor, at any rate. A sound is read when its stimulus is.
 * - Metadata of a stimulus: `name`, the same wherever its sound was played,
 *   `session`, `subset`, and `id`, which no other stimulus has.
 * - A dataset lists the cells in the order of `cell_list.csv`, also those without
 *   a response, and every stimulus of a session, also those without an epoch.
 * - A spike at `start <= t < end` of an epoch counts in bin
 *   `floor(100 t) - round(100 start)`, halves to even, as NEMS has it.
 * - Cold: a subscription reads the cell list, checks the filters, and only then
 *   opens the recordings. To learn the session of a recording it reads the part
 *   that ends with its `resp.json`, and stores the answer in an index beside the
 *   cache, by size and time (of an address: the ETag) of the archive: the next
 *   start reads no recording. Without permission to write, and for a blob, there
 *   is no index. A recording is read when one of its presentations is; nothing is
 *   unpacked to disk.
 * - In memory: the cell list, loaded sessions up to `maxCacheBytes`, the recording
 *   being unpacked, and what a sink is reading.
 * - From an address: parts of the zip are read as they are needed (HTTP Range), at
 *   most 16 MiB a request; at most 96 MiB are read ahead. Each worker of
 *   {@linkcode parallel} fetches for itself.
 * - From files: slices of the zip are read as they are needed.
 * - With a warning: a recording dropped because another has its session
 *   (`duplicate-recording`), one without cells (`empty-recording`) or with cells
 *   of several sessions (`mixed-sessions`), cells that their recording lacks
 *   (`missing-cell`), an epoch of a stimulus that is not there
 *   (`unknown-stimulus`), a stimulus of neither 2000 nor 2200 bins
 *   (`unusual-length`).
 * - Times of spikes and epochs lie within 10,000,000 s of the start of their
 *   recording, `fs` is 100, stimuli are finite as float32; any other value is
 *   refused with its place.
 * - Waveforms equal those of deepSTRF 0.1.0 at 44.1 kHz.
 * - Source: Wingert, Parida, Norman-Haignere and David 2026, Nat. Neurosci.;
 *   Zenodo record 18331549.
 *
 * @example Names of the sessions with cells in A1
 * ```ts
 * import { wingert2026 } from "rxephys";
 *
 * const sessions = wingert2026("~/data/Wingert2026", { area: "A1" });
 * const print = () => sessions.subscribe(({ id }) => console.log(id));
 * ```
 *
 * @example Sounds at 44.1 kHz, 441 samples in a bin of 10 ms
 * ```ts
 * import { mask, wingert2026 } from "rxephys";
 *
 * const sounds = wingert2026("data", { stimuli: "waveform" })
 *   .pipe(mask({ audioRateHz: 44_100 }));
 * ```
 *
 * @example Files picked in a browser
 * ```ts
 * import { wingert2026 } from "rxephys";
 *
 * const stream = (cellList: File, recordings: File) =>
 *   wingert2026({ cellList, recordings }, { area: "A1" });
 * ```
 *
 * @param data Folder with `cell_list.csv` and either `recordings.zip` or
 * `recordings/`, which may hold tarballs or folders extracted from them; or that
 * zip, the cell list beside it; or the `https:` address of that zip, Zenodo's
 * `.../files/recordings.zip/content` included, or of a folder that holds both,
 * ending with `/`; or both files (and `wav`), each as a path, an address, a
 * `File` or a `Blob`. Without it: `WINGERT2026_DATA`, else the data set's
 * {@linkcode dataFolder}.
 * @throws {TypeError} When called, if `data` or an option is of another type.
 * @throws {RangeError} When called, if an option is outside its range or does
 * not exist, or an address holds a password; in the stream, before a recording
 * is opened, if a site is not in the cell list or no cell is left.
 * @throws {DataNotFoundError} In the stream, if the cell list, the recordings or
 * those of a session are not there, or the sounds or one of them.
 * @throws {ArchiveError} In the stream, if an archive is damaged, or has changed
 * on its server since it was opened.
 * @throws {UnsupportedError} In the stream, if a server sends no parts of files,
 * or if there is no `data` in a browser.
 * @throws {DownloadError} In the stream, if a server keeps failing after several
 * tries.
 * @throws {FormatError} In the stream, if a file is not as its format demands.
 * @throws {LimitError} In the stream, if a file claims more than `limits` allow.
 * @throws {RecordingError} In the stream, if a value is out of range.
 */
export function wingert2026(
  data?: string | URL | WingertFiles,
  options: Wingert2026Options = {},
): Observable<Session> {
  const act = "stream Wingert 2026";
  checkOptions<Wingert2026Options>(act, options, OPTIONS);
  const { subset = "all", cellList, wav } = options;
  const { stimuli = "spectrogram", prestimMs = 1000 } = options;
  const files = ["cellList", "recordings"] as const;
  const placesOf = checkWingertData(act, data, { cellList, wav }, files);
  checkForm(act, stimuli);
  checkRange(act, "prestimMs", prestimMs, 0, 10_000);
  const checked = checkSourceOptions(act, options);
  checkSubset(act, subset);
  const filters = checkFilters(act, options);
  const { maxCacheBytes, limits, onWarning, indexFolder } = checked;
  return defer(() => {
    const controller = new AbortController();
    const opening = { signal: controller.signal, limits };
    const warnings = new SourceWarnings(countedOnce(onWarning));
    const open = async (): Promise<readonly Session[]> => {
      const places = placesOf();
      const cells = await readCells(act, places, filters, opening);
      // Loaded only now: many programs read AC1 alone.
      const { wingertSessions } = await import("./_sessions.ts");
      return await wingertSessions(cells, places.recordings ?? "", {
        ...opening,
        maxCacheBytes,
        subset,
        indexFolder,
        warnings,
        sounds: stimuli === "waveform"
          ? { wav: places.wav, recordings: places.recordings, prestimMs }
          : undefined,
      });
    };
    return defer(open).pipe(
      mergeMap((sessions) => sessions),
      finalize(() => controller.abort()),
    );
  });
}

const OPTIONS = [
  ...SOURCE_OPTIONS,
  ...FILTERS,
  "subset",
  "cellList",
  "stimuli",
  "prestimMs",
  "wav",
] as const;

function checkSubset(act: string, subset: unknown): void {
  if (typeof subset !== "string") {
    throw new TypeError(
      `Cannot ${act}: subset is ${String(subset)}, expected all, est or val`,
    );
  }
  if (["all", "est", "val"].includes(subset)) return;
  throw new RangeError(
    `Cannot ${act}: subset is ${subset}, expected all, est or val`,
  );
}

function checkForm(act: string, stimuli: unknown): void {
  if (stimuli === "spectrogram" || stimuli === "waveform") return;
  throw new RangeError(
    `Cannot ${act}: stimuli is ${String(stimuli)}, expected spectrogram or ` +
      "waveform",
  );
}
