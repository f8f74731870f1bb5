import { DataNotFoundError } from "../../errors.ts";
import { withLineage } from "../../stream/lineage.ts";
import type { CellMeta, Session } from "../../session.ts";
import type { ArchiveOptions } from "../../archive/archive.ts";
import { SessionCache } from "../shared/session_cache.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { placeOf, storedBytes } from "./_recording.ts";
import { openWingertRelease } from "./_release.ts";
import { mapSessions, type SessionRecording } from "./_session_map.ts";
import { openSounds, type SoundsOrigin } from "./_sounds.ts";
import { wingertWorkerSource } from "./_worker_source.ts";
import {
  type WingertContext,
  wingertSession,
  type WingertSubset,
} from "./session.ts";

/**
 * Time that a worker saves for a MB of a tarball: of the 8 ms that one core takes,
 * most go to results, which are as large and which the main thread still handles.
 */
const MS_PER_MB = 2;

/** Options of {@linkcode wingertSessions}. */
export interface WingertSessionsOptions extends ArchiveOptions {
  readonly maxCacheBytes: number;
  readonly subset: WingertSubset;
  readonly warnings: SourceWarnings;
  readonly indexFolder?: string | undefined;
  /** Sounds that take the place of the spectrograms. */
  readonly sounds?: SoundsOrigin | undefined;
}

/**
 * The sessions of some cells, in code-unit order.
 *
 * @param cells Cells to stream, in the order of the cell list.
 * @param recordings Path or address of the recordings, or the zip itself.
 * @throws {DataNotFoundError} If the recording of one is not there.
 */
export async function wingertSessions(
  cells: readonly CellMeta[],
  recordings: string | Blob,
  options: WingertSessionsOptions,
): Promise<Session[]> {
  const { maxCacheBytes, subset, warnings } = options;
  const release = await openWingertRelease(recordings, options);
  const recordingOf = await mapSessions(release, options);
  const cache: WingertContext["cache"] = new SessionCache(maxCacheBytes);
  const { indexFolder } = options;
  const sounds = options.sounds && await openSounds(options.sounds, options);
  const context: WingertContext = {
    ...{ release, warnings, cache, indexFolder, sounds },
  };
  const groups = groupedBySession(cells);
  checkAllThere([...groups.keys()], recordingOf, release.archive.name);
  return [...groups].sort(byId).map(([id, { own, cellNumbers }]) => {
    const recording = recordingOf.get(id) as SessionRecording;
    warnOfMissing(own, recording, context);
    const { stored, channels } = recording;
    // A single session is kept, however large: a first pass reads it twice.
    if (groups.size > 1) cache.expect(storedBytes(release, stored));
    const parts = {
      ...{ id, stored, channels, cells: own.map(spiking) },
      ...{ cellNumbers, subset },
    };
    return withLineage(wingertSession(parts, context), {
      identity: {
        name: "wingert2026",
        options: {
          subset,
          ...(sounds && { prestimMs: sounds.origin.prestimMs }),
        },
        archives: () =>
          sounds
            ? `${release.archive.stamp} and ${sounds.stamp}`
            : release.archive.stamp,
      },
      source: {
        ...wingertWorkerSource(recordings, maxCacheBytes, parts, context),
        workMs: MS_PER_MB * storedBytes(release, stored) / 1e6,
      },
    });
  });
}

function byId([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function spiking(cell: CellMeta): CellMeta {
  return { ...cell, species: "ferret", signalType: "spikes" };
}

interface SessionCells {
  readonly own: CellMeta[];
  /** Places of the cells in the list. */
  readonly cellNumbers: number[];
}

function groupedBySession(
  cells: readonly CellMeta[],
): Map<string, SessionCells> {
  const groups = new Map<string, SessionCells>();
  for (const [number, cell] of cells.entries()) {
    const session = String(cell.session);
    const group = groups.get(session) ?? { own: [], cellNumbers: [] };
    groups.set(session, group);
    group.own.push(cell);
    group.cellNumbers.push(number);
  }
  return groups;
}

function checkAllThere(
  sessions: readonly string[],
  recordings: ReadonlyMap<string, SessionRecording>,
  archive: string,
): void {
  const absent = sessions.filter((session) => !recordings.has(session)).sort();
  if (absent.length === 0) return;
  throw new DataNotFoundError(
    `Cannot find the recordings of sessions ${absent.join(", ")}`,
    { archive },
  );
}

function warnOfMissing(
  cells: readonly CellMeta[],
  { stored, channels }: SessionRecording,
  { release, warnings }: WingertContext,
): void {
  const listed = new Set(channels);
  for (const cellId of cells.map((cell) => String(cell.cellId))) {
    if (listed.has(cellId)) continue;
    const text = `cell ${cellId} is not in it: without responses`;
    warnings.warn("missing-cell", placeOf(release, stored), text, {
      item: cellId,
    });
  }
}
