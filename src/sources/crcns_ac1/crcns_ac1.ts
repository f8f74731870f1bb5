import { concat, EMPTY, from, type Observable } from "rxjs";
import { checkOptions } from "../../base/check.ts";
import type { Session } from "../../session.ts";
import type { Ac1Context } from "./_context.ts";
import { fromRelease } from "./_from_release.ts";
import { type Ac1Data, checkAc1Data } from "./_release.ts";
import { asariSessions } from "./_asari_sessions.ts";
import {
  checkSourceOptions,
  chosen,
  eitherOption,
  SOURCE_OPTIONS,
  type SourceOptions,
} from "../shared/options.ts";
import { wehrSessions } from "./_wehr_sessions.ts";

export type { Ac1Data } from "./_release.ts";

const SITES = ["A1", "MGB"] as const;
const EXPERIMENTERS = ["wehr", "asari"] as const;

/** Options of {@linkcode asari}. */
export interface AsariOptions extends SourceOptions {
  /**
   * Brain areas: `A1` (whole cell), `MGB` (cell attached), a list of them, or
   * `both`.
   *
   * @default {"both"}
   */
  readonly sites?: "A1" | "MGB" | "both" | readonly ("A1" | "MGB")[];
  /** Another spelling of {@linkcode AsariOptions.sites}. */
  readonly site?: "A1" | "MGB" | "both" | readonly ("A1" | "MGB")[];
}

/** Options of {@linkcode crcnsAc1}. */
export interface CrcnsAc1Options extends AsariOptions {
  /**
   * Halves of the data set: `wehr`, `asari`, a list of them, or `both`.
   *
   * @default {"both"}
   */
  readonly experimenter?:
    | "wehr"
    | "asari"
    | "both"
    | readonly ("wehr" | "asari")[];
}

/**
 * Streams the Wehr half of CRCNS AC1: whole-cell recordings of the membrane
 * potential in rat A1, at 4 kHz, answering natural sounds.
 *
 * - Out: one session per recorded cell, in order of name, raw traces in mV
 *   `[T]`, waveforms at some 97.656 kHz. A session without a usable trial is
 *   there too, with no presentations.
 * - Cold: every subscription opens the release anew. It reads the directory; a
 *   session's trial files are read when its presentations are listed, a trace
 *   is inflated when its presentation is read, and nothing is unpacked to disk.
 * - The first listing reads the descriptions of all stimuli, by which trials name
 *   them, and keeps them in an index beside the cache, by the content of the
 *   release: later starts read only the session's own files. Without permission to
 *   write, in a browser, and for stimuli below 16 MB there is no index.
 * - In memory: the directory, loaded sessions up to `maxCacheBytes`, and what a
 *   sink is reading. On a first start up to a quarter of `maxCacheBytes` holds
 *   waveforms that were inflated for their descriptions, each until it is read.
 * - From an address: parts of the zips are read as they are needed (HTTP Range),
 *   some 16 MiB a request and in the order of the sessions; at most 96 MiB a zip
 *   are read ahead, beside `maxCacheBytes`. A stimulus is fetched once as long as
 *   all of them, packed, fit there. Each worker of {@linkcode parallel} fetches
 *   for itself. Addresses of CRCNS are read with the account in
 *   `CRCNS_USERNAME` and `CRCNS_PASSWORD`.
 * - From files: slices of the zips are read as they are needed.
 * - Skipped with a warning: files that cannot be decoded, trials of unknown stimuli,
 *   a second stimulus file of one description, folder or variable of one name.
 * - Refused: `response.sf` outside 100 to 1,000,000 Hz, `response.scale` outside
 *   +-1e-9 to 1e6 mV, samples of 1 kV, `triggers.time` below 1, a duration outside
 *   0 to 1e7 ms; a stimulus with `param.sf` outside 1,000 to 1e6 Hz, samples of
 *   1e9 or none; any sample that is not finite.
 * - Source: Machens, Wehr and Zador 2004, J. Neurosci. 24:1089.
 *
 * @example Names of the sessions
 * ```ts
 * import { wehr } from "rxephys";
 *
 * const sessions = wehr("~/data/CRCNS_AC1", {
 *   onWarning: ({ kind, member, count }) => console.warn(kind, member, count),
 * });
 * const print = () => sessions.subscribe(({ id }) => console.log(id));
 * ```
 *
 * @example A zip picked in a browser
 * ```ts
 * import { wehr } from "rxephys";
 *
 * // Files of an <input type="file" multiple>: [...input.files ?? []]
 * const stream = (files: readonly File[]) => wehr(files);
 * ```
 *
 * @param data Folder with the three zips, or what was extracted from them, or
 * some of each; or `crcns-ac1.zip`, as a path, a `File` or a `Blob`, or a list of
 * files; or the `https:` address of that zip, or of a folder with the zips, ending
 * with `/`. Without it: `CRCNS_AC1_DATA`, else the data set's
 * {@linkcode dataFolder}.
 * @throws {TypeError} When called, if `data` or an option is of another type.
 * @throws {RangeError} When called, if an option is out of range or does not
 * exist, or an address holds a password.
 * @throws {UnsupportedError} In the stream, if a server sends no parts of files,
 * or if there is no `data` in a browser.
 * @throws {CredentialError} In the stream, if a server refuses the account.
 * @throws {DownloadError} In the stream, if a server keeps failing after several
 * tries.
 * @throws {DataNotFoundError} In the stream, if there is no such release.
 * @throws {ArchiveError} In the stream, if an archive is damaged, or has changed
 * on its server since it was opened.
 * @throws {LimitError} In the stream, if a file claims more than `limits` allow.
 * @throws {RecordingError} In the stream, if a recording cannot be.
 */
export function wehr(
  data?: Ac1Data,
  options: SourceOptions = {},
): Observable<Session> {
  const act = "stream Wehr";
  checkOptions<SourceOptions>(act, options, SOURCE_OPTIONS);
  const dataOf = checkAc1Data(act, data);
  const identity = { name: "wehr", options: {} };
  const checked = checkSourceOptions(act, options);
  return fromRelease(identity, dataOf, checked, wehrInOrder);
}

/**
 * Streams the Asari half of CRCNS AC1: rat A1, whole cell, and MGB, cell
 * attached, at 10 kHz, answering sequences of natural sounds.
 *
 * - Out: one session per recorded cell, those of `asari-results-1` by name, then
 *   those of `asari-results-2`; raw traces in mV `[T]`. Its stimuli are the
 *   distinct sequences of segment files, by first use, with all their repeats in
 *   all files of the session; the waveform is the segments in order, each with a
 *   squared-sine ramp of 5 ms on both ends, at some 97.656 kHz.
 * - Cold: every subscription opens the release anew. Site and recording type lie
 *   in a session's first recording with a table of segments: the source reads
 *   such files, one a session, while it is subscribed, and emits each session as
 *   soon as it is known. All else is read when a sink needs it.
 * - In memory: the directory, one recording file at a time, of each the repeats
 *   cut out of it, as stored, for sessions up to `maxCacheBytes`.
 * - Skipped: a folder without a table of segments, a trigger that played no
 *   sequence. With a warning: a file that cannot be decoded, a trigger past the
 *   table, a stimulus of which a segment file is missing.
 * - Kept with a warning: a session whose files disagree on site or recording type
 *   (its first file counts); a stream that holds both kinds of signal.
 * - Source: Asari and Zador 2009, J. Neurophysiol. 102:2638.
 *
 * @example The cell-attached recordings
 * ```ts
 * import { asari } from "rxephys";
 *
 * const sessions = asari("~/data/CRCNS_AC1", { sites: "MGB" });
 * const print = () => sessions.subscribe(({ id }) => console.log(id));
 * ```
 *
 * @param data Folder with the three zips, or what was extracted from them, or
 * some of each; or a list of the zips as files; or the address of a folder with
 * the zips, ending with `/`, from which they are read as {@linkcode wehr} says.
 * Without it: `CRCNS_AC1_DATA`, else the data set's {@linkcode dataFolder}.
 * @throws {TypeError} When called, if `data` or an option is of another type.
 * @throws {RangeError} When called, if `sites` names none or another area, or an
 * option is out of range or does not exist.
 * @throws {DataNotFoundError} In the stream, if one of the three parts is
 * missing or empty; it names which.
 * @throws {ArchiveError} In the stream, if an archive is damaged.
 * @throws {LimitError} In the stream, if a file claims more than `limits` allow.
 * @throws {RecordingError} In the stream, if a recording cannot be.
 */
export function asari(
  data?: Ac1Data,
  options: AsariOptions = {},
): Observable<Session> {
  const act = "stream Asari";
  checkOptions<AsariOptions>(act, options, ASARI_OPTIONS);
  const dataOf = checkAc1Data(act, data);
  const areas = chosenSites(act, options);
  return fromRelease(
    { name: "asari", options: { sites: areas } },
    dataOf,
    checkSourceOptions(act, options),
    (context, reading) => asariSessions(context, areas, reading),
  );
}

/**
 * Streams both halves of CRCNS AC1: the sessions of {@linkcode wehr}, then those
 * of {@linkcode asari}, with one cache between them.
 *
 * - Wehr recorded A1 alone: `sites: "MGB"` leaves out his half.
 * - With both A1 and MGB the stream holds membrane potentials and spike rates: a
 *   warning (`mixed-signals`) says so.
 *
 * @example All of A1
 * ```ts
 * import { crcnsAc1, crcnsAc1Pipeline, toDataset } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(
 *     crcnsAc1("~/data/CRCNS_AC1", { sites: "A1" })
 *       .pipe(crcnsAc1Pipeline(), toDataset()),
 *   );
 * ```
 *
 * @param data As for {@linkcode asari}.
 * @throws {TypeError} When called, if `data` or an option is of another type.
 * @throws {RangeError} When called, if `experimenter` or `sites` names none or
 * something else, if Wehr alone is asked for without A1, or if an option is out
 * of range or does not exist.
 * @throws {DataNotFoundError} In the stream, before any session, if a half that
 * was asked for is missing or empty; it names which.
 * @throws {ArchiveError} In the stream, if an archive is damaged.
 * @throws {LimitError} In the stream, if a file claims more than `limits` allow.
 * @throws {RecordingError} In the stream, if a recording cannot be.
 */
export function crcnsAc1(
  data?: Ac1Data,
  options: CrcnsAc1Options = {},
): Observable<Session> {
  const act = "stream CRCNS AC1";
  checkOptions<CrcnsAc1Options>(act, options, CRCNS_AC1_OPTIONS);
  const { experimenter = "both" } = options;
  const dataOf = checkAc1Data(act, data);
  const checked = checkSourceOptions(act, options);
  const halves = chosen(act, "experimenter", experimenter, EXPERIMENTERS);
  const areas = chosenSites(act, options);
  const withAsari = halves.includes("asari");
  const withWehr = halves.includes("wehr") && areas.includes("A1");
  if (!withWehr && !withAsari) {
    throw new RangeError(
      `Cannot ${act}: sites is MGB, expected A1 with experimenter wehr`,
    );
  }
  const identity = {
    name: "crcnsAc1",
    options: { experimenter: halves, sites: areas },
  };
  return fromRelease(identity, dataOf, checked, (context, reading) =>
    concat(
      withWehr ? wehrInOrder(context) : EMPTY,
      withAsari ? asariSessions(context, areas, reading) : EMPTY,
    ));
}

const ASARI_OPTIONS = [...SOURCE_OPTIONS, "sites", "site"] as const;
const CRCNS_AC1_OPTIONS = [...ASARI_OPTIONS, "experimenter"] as const;

function chosenSites(
  act: string,
  { sites, site }: AsariOptions,
): ("A1" | "MGB")[] {
  const either = eitherOption(act, ["sites", sites], ["site", site]);
  return chosen(act, "sites", either ?? "both", SITES);
}

function wehrInOrder(context: Ac1Context): Observable<Session> {
  return from(wehrSessions(context, { readAhead: true }));
}
