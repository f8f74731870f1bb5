import { defer, finalize, from, mergeMap, type Observable } from "rxjs";
import { checkCount } from "../_check.ts";
import { DataNotFoundError } from "../errors.ts";
import type { Session } from "../session.ts";
import { openAc1Release } from "./_ac1_release.ts";
import { checkData, dataPath } from "./_data_path.ts";
import { SessionCache } from "./_session_cache.ts";
import { SharedLoad } from "./_shared_load.ts";
import { type SourceOptions, SourceWarnings } from "./_source_warnings.ts";
import { type WehrContext, WehrSession } from "./_wehr_session.ts";
import { indexWehrStimuli } from "./_wehr_stimuli.ts";
import type { Archive } from "./archive/archive.ts";

/**
 * Streams the Wehr half of CRCNS AC1: whole-cell recordings of the membrane
 * potential in rat A1, at 4 kHz, answering natural sounds.
 *
 * - Out: one session per recorded cell, in order of name, raw traces in mV
 *   `[T]`, waveforms at some 97.656 kHz. A session without a usable trial is
 *   there too, with no presentations.
 * - Cold: every subscription opens the release anew. It reads the directory; a
 *   session's trial files are read when its presentations are asked for, a trace
 *   is inflated when its presentation is read, and nothing is unpacked to disk.
 * - In memory: the directory, loaded sessions up to `maxCacheBytes`, and what a
 *   sink is reading.
 * - Passed over with a warning: a file that cannot be decoded, a trial whose
 *   stimulus is unknown, a second stimulus file of one description.
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
 * @param data Folder with the three zips, or what was extracted from them, or
 * some of each; or `crcns-ac1.zip` itself. Without it: `CRCNS_AC1_DATA`, else
 * the data set's {@linkcode dataFolder}.
 * @throws {TypeError} When called, if `data` is neither a path nor a URL.
 * @throws {RangeError} When called, if `maxCacheBytes` is no whole number.
 * @throws {DataNotFoundError} In the stream, if there is no such release.
 * @throws {ArchiveError} In the stream, if an archive is damaged.
 * @throws {RecordingError} In the stream, if a recording cannot be: a response
 * without a rate, a trace that holds NaN, an empty stimulus.
 */
export function wehr(
  data?: string | URL,
  options: SourceOptions = {},
): Observable<Session> {
  const { maxCacheBytes = 128 * 2 ** 20, onWarning } = options;
  checkData("stream Wehr", data);
  checkCount("stream Wehr", "maxCacheBytes", maxCacheBytes, 0);
  return defer(() => {
    const leaving = new AbortController();
    const path = dataPath(data, "crcns-ac1", "CRCNS_AC1_DATA");
    return from(openAc1Release(path, { signal: leaving.signal })).pipe(
      mergeMap((archive) => {
        const warnings = new SourceWarnings(archive.name, onWarning);
        return wehrSessions({
          archive,
          warnings,
          cache: new SessionCache(maxCacheBytes),
          stimuli: new SharedLoad((signal) =>
            indexWehrStimuli(archive, warnings, { signal })
          ),
        });
      }),
      finalize(() => leaving.abort()),
    );
  });
}

function wehrSessions(context: WehrContext): Session[] {
  const files = trialFiles(context.archive);
  if (files.size === 0) {
    throw new DataNotFoundError(
      "Cannot find the Wehr recordings: expected wehr/Results/<session>/",
      { archive: context.archive.name },
    );
  }
  return [...files.keys()].sort().map((id, index) =>
    new WehrSession(id, index, files.get(id) ?? [], context)
  );
}

/** Trial files of each session folder, which starts with four digits. */
function trialFiles({ members }: Archive): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const path of members.map((member) => member.path).sort()) {
    const match = /^wehr\/Results\/(\d{4}[^/]*)\/(.+)$/.exec(path);
    if (!match) continue;
    const trials = files.get(match[1]) ?? [];
    files.set(match[1], trials);
    if (/^[^/]+\.mat$/.test(match[2])) trials.push(path);
  }
  return files;
}
