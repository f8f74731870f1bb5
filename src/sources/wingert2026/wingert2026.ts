import { defer, finalize, mergeMap, type Observable } from "rxjs";
import { checkCount } from "../../base/check.ts";
import type { Session } from "../../session.ts";
import { checkedLimits } from "../../base/limits.ts";
import { checkData, dataPath, namedPath } from "../../publishers/data_path.ts";
import {
  countedOnce,
  type SourceOptions,
  SourceWarnings,
} from "../shared/warnings.ts";
import { checkFilters, readCells, type Wingert2026Filters } from "./filters.ts";
import type { WingertSubset } from "./session.ts";
import { wingertSessions } from "./_sessions.ts";

/** Options for {@linkcode wingert2026}. */
export interface Wingert2026Options extends Wingert2026Filters, SourceOptions {
  /**
   * Which stimuli: those on which models are validated (`val`, `STIM_00*`), those
   * on which they are estimated (`est`), or both.
   *
   * @default {"all"}
   */
  readonly subset?: WingertSubset;
  /**
   * Path or address of the cell list.
   *
   * @default `cell_list.csv` beside the recordings
   */
  readonly cellList?: string | URL;
  /**
   * Folder for the session index.
   *
   * @default dataFolder("wingert2026")
   */
  readonly indexFolder?: string;
}

/**
 * Streams the Wingert et al. 2026 recordings: single units of ferret auditory
 * cortex answering sequences of natural sounds, many cells a session.
 *
 * - Out: sessions in code-unit order of their names, with the cells asked for;
 *   stimuli `(1, 32, T)`, gammatone magnitudes in bins of 10 ms as they are in
 *   the release; responses are spike counts per bin, `[T]` a repeat. There is
 *   nothing to detrend, bin or mask: see {@linkcode wingert2026Pipeline}.
 * - A dataset lists the cells in the order of `cell_list.csv`, also those without
 *   a response, and every stimulus of a session, also those without an epoch.
 * - A spike at `start <= t < end` of an epoch counts in bin
 *   `floor(100 t) - round(100 start)`, halves to even, as NEMS has it.
 * - Cold: a subscription reads the cell list, checks the filters, and only then
 *   opens the recordings. Which recording has which session it learns from the
 *   part of each that ends with its `resp.json`, and remembers that in an index
 *   beside the cache by the size and time (of an address: the ETag) of the
 *   archive: the next start reads
 *   none of them. Without leave to write there is no index. A recording is read
 *   when a presentation of it is asked for; nothing is unpacked to disk.
 * - In memory: the cell list, loaded sessions up to `maxCacheBytes`, one recording
 *   being unpacked, and what a sink is reading.
 * - From an address: parts of the zip are read as they are needed (HTTP Range), at
 *   most 16 MiB a request; what came ahead takes 96 MiB at most. Each worker of
 *   {@linkcode parallel} fetches for itself.
 * - With a warning: a recording dropped since another has its session
 *   (`duplicate-recording`), one without cells (`empty-recording`) or with cells
 *   of several sessions (`mixed-sessions`), cells that their recording lacks
 *   (`missing-cell`), an epoch of a stimulus that is not there
 *   (`unknown-stimulus`), a stimulus of neither 2000 nor 2200 bins
 *   (`unusual-length`).
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
 * @param data Folder with `cell_list.csv` and either `recordings.zip` or
 * `recordings/`, which may hold tarballs or what was extracted from them; or that
 * zip, the cell list beside it; or the `https:` address of that zip, Zenodo's
 * `.../files/recordings.zip/content` included, or of a folder that holds both,
 * ending with `/`. Without it: `WINGERT2026_DATA`, else the data set's
 * {@linkcode dataFolder}.
 * @throws {TypeError} When called, if `data` or an option is of another type.
 * @throws {RangeError} When called, if an option is outside its range, or an
 * address holds a password; in the
 * stream, before a recording is opened, if a site is not in the cell list or no
 * cell is left.
 * @throws {DataNotFoundError} In the stream, if the cell list, the recordings or
 * those of a session are not there.
 * @throws {ArchiveError} In the stream, if an archive is damaged, or another one
 * on its server since it was opened.
 * @throws {UnsupportedError} In the stream, if a server sends no parts of files.
 * @throws {DownloadError} In the stream, if a server fails for longer than some
 * tries.
 * @throws {FormatError} In the stream, if a file is not what its format demands.
 * @throws {LimitError} In the stream, if a file claims more than `limits` allow.
 * @throws {RecordingError} In the stream, if a value is not finite.
 */
export function wingert2026(
  data?: string | URL,
  options: Wingert2026Options = {},
): Observable<Session> {
  const act = "stream Wingert 2026";
  const { maxCacheBytes = 128 * 2 ** 20, subset = "all", onWarning } = options;
  const { cellList, indexFolder } = options;
  checkData(act, data);
  checkData(act, cellList, "cellList");
  checkCount(act, "maxCacheBytes", maxCacheBytes, 0);
  const limits = checkedLimits(act, options.limits);
  checkSubset(act, subset);
  if (indexFolder !== undefined && typeof indexFolder !== "string") {
    throw new TypeError(
      `Cannot ${act}: indexFolder is ${String(indexFolder)}, expected a path`,
    );
  }
  const filters = checkFilters(act, options);
  return defer(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const path = dataPath(data, "wingert2026", "WINGERT2026_DATA");
    const opening = { signal, limits };
    const listing = cellList === undefined
      ? opening
      : { ...opening, cellList: namedPath(cellList) };
    return defer(async () =>
      wingertSessions(await readCells(act, path, filters, listing), path, {
        maxCacheBytes,
        subset,
        indexFolder,
        warnings: new SourceWarnings(countedOnce(onWarning)),
        ...opening,
      })
    ).pipe(
      mergeMap((sessions) => sessions),
      finalize(() => leaving.abort()),
    );
  });
}

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
