import { type MonoTypeOperatorFunction, tap } from "rxjs";
import type { Call, WorkerSource } from "../../stream/lineage.ts";
import type { Archive } from "../../archive/archive.ts";
import type { SessionCache } from "../shared/session_cache.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { isCellAttached, type Session } from "../../session.ts";
import type { AsariOrigin } from "./_asari_file.ts";

/** Key under which a session is found again without reading others. */
export type Ac1Hint =
  | { readonly half: "wehr"; readonly id: string }
  | {
    readonly half: "asari";
    readonly path: string;
    readonly origin: AsariOrigin;
  };

/** Time that one core takes for a MB of trial files in the standard chain. */
const MS_PER_MB = 20;

/**
 * How another thread opens a session of this release.
 *
 * @param bytes Bytes of the session's files.
 */
export function ac1WorkerSource(
  { source, warnings }: Ac1Context,
  hint: Ac1Hint,
  bytes: number,
): WorkerSource {
  const workMs = MS_PER_MB * bytes / 1e6;
  return { source, hint, warn: warnings.relay, workMs };
}

/** Parts that all sessions of one subscription share. */
export interface Ac1Context {
  readonly archive: Archive;
  readonly warnings: SourceWarnings;
  readonly cache: SessionCache<unknown>;
  /** How another thread opens the release. */
  readonly source: Call;
  /** Folder of the stimulus index, if not the data set's. */
  readonly indexFolder: string | undefined;
}

/**
 * Warns once if a stream holds both kinds of recording, at the first session of
 * the second kind.
 *
 * @param archive Name of the release in warnings.
 */
export function warnOfMixedSignals(
  archive: string,
  warnings: SourceWarnings,
): MonoTypeOperatorFunction<Session> {
  const kinds = new Set<boolean>();
  return tap(({ id, cells }) => {
    if (kinds.size === 2) return;
    for (const cell of cells) kinds.add(isCellAttached(cell));
    if (kinds.size < 2) return;
    warnings.warn(
      "mixed-signals",
      { archive, member: id },
      "whole-cell recordings (membrane potential in mV) and cell-attached " +
        "ones (spike rate) are in one stream: choose by `sites`, or by " +
        "`signalType`, before one model is trained on both",
    );
  });
}
