import { checkedLimits } from "../../base/limits.ts";
import { basename } from "../../base/path.ts";
import { RecordingError } from "../../errors.ts";
import { shownName } from "../../http/address.ts";
import { SessionCache } from "../../sources/shared/session_cache.ts";
import { SourceWarnings } from "../../sources/shared/warnings.ts";
import type { Session } from "../../session.ts";
import {
  type SessionFinder,
  withLineage,
  type WorkerSource,
} from "../../stream/lineage.ts";
import type { Relay } from "../../stream/relayed_warning.ts";
import type { CheckedNwbOptions } from "./_checked_options.ts";
import type { NwbContext } from "./_context.ts";
import { stemOf } from "./_find_files.ts";
import type { Hdf5Workers } from "./hdf5/workers.ts";
import { OpenFiles } from "./_open_files.ts";
import { openSession } from "./_open_session.ts";
import { readHead } from "./_session_head.ts";
import type { Limits } from "../../base/limits.ts";

/** Key of a session for a worker. */
interface Hint {
  readonly path: string;
  readonly id: string;
}

/**
 * Parts that the sessions of one subscription share.
 *
 * @param workers Workers that read the files.
 */
export function nwbContext(
  options: CheckedNwbOptions,
  limits: Limits,
  warnings: SourceWarnings,
  workers?: Hdf5Workers,
): NwbContext {
  return {
    options,
    limits,
    warnings,
    files: new OpenFiles(limits, workers),
    cache: new SessionCache(options.maxCacheBytes),
  };
}

/** Session of a file; its id is one that no session of the subscription has. */
export async function nwbSession(
  path: string,
  context: NwbContext,
  taken: Set<string>,
  signal: AbortSignal | undefined,
): Promise<Session | null> {
  return await context.files.use(path, signal, async (file, size) => {
    const head = await readHead(file);
    const stem = stemOf(path);
    const id = [head.id, stem].find((name) =>
      name !== undefined && !taken.has(name)
    ) ?? shownName(path);
    taken.add(id);
    const session = await openSession(file, { id, path, head }, context);
    if (session === null) return null;
    return withLineage(session, {
      identity: {
        name: "nwb",
        options: { ...context.options, maxCacheBytes: undefined },
        archives: () =>
          `${basename(shownName(path))} (${head.identifier}, ${size} bytes)`,
        perSession: true,
      },
      source: workerSource({ path, id }, context),
    });
  });
}

/** Error of a file without responses. */
export function emptyError(path: string, { options }: NwbContext): Error {
  const what = options.responses === "spikes"
    ? "units with spike times"
    : options.responses === "traces"
    ? "time series of electrodes"
    : "units with spike times, nor time series of electrodes";
  return new RecordingError(`Cannot stream NWB: the file has no ${what}`, {
    archive: shownName(path),
  });
}

/** How another thread opens a session. */
function workerSource(
  hint: Hint,
  { options, limits, warnings }: NwbContext,
): WorkerSource {
  return {
    source: {
      module: import.meta.url,
      name: "reopenedNwb",
      args: [options, limits],
    },
    hint,
    warn: warnings.relay,
  };
}

/**
 * Opens files that another thread streams.
 *
 * @param relay Forwards warnings to that thread.
 */
export function reopenedNwb(
  options: CheckedNwbOptions,
  limits: Limits,
  _shared: undefined,
  relay: Relay,
): Promise<SessionFinder> {
  const context = nwbContext(
    options,
    checkedLimits("stream NWB", limits),
    new SourceWarnings(relay),
  );
  return Promise.resolve(async (sought) => {
    const { path, id } = sought as Hint;
    const session = await context.files.use(path, undefined, async (file) => {
      const head = await readHead(file);
      return await openSession(file, { id, path, head }, context);
    });
    if (session === null) throw emptyError(path, context);
    return session;
  });
}
