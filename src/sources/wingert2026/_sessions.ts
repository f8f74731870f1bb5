import { DataNotFoundError } from "../../errors.ts";
import { withLineage } from "../../stream/lineage.ts";
import type { CellMeta, Session } from "../../session.ts";
import type { ArchiveOptions } from "../../archive/archive.ts";
import { SessionCache } from "../shared/session_cache.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { openWingertRelease } from "./_release.ts";
import { wingertOrigin } from "./_worker_source.ts";
import {
  type WingertContext,
  wingertSession,
  type WingertSubset,
} from "./session.ts";
import { mapSessions, type WingertRecording } from "./_session_map.ts";
import { placeOf, storedBytes } from "./_recording.ts";

/** Options of {@linkcode wingertSessions}. */
export interface WingertSessionsOptions extends ArchiveOptions {
  readonly maxCacheBytes: number;
  readonly subset: WingertSubset;
  readonly warnings: SourceWarnings;
  readonly indexFolder?: string;
}

/**
 * The sessions of some cells, in code-unit order.
 *
 * @throws {DataNotFoundError} If the recording of one is not there.
 */
export async function wingertSessions(
  cells: readonly CellMeta[],
  path: string,
  options: WingertSessionsOptions,
): Promise<Session[]> {
  const { maxCacheBytes, subset, warnings } = options;
  const release = await openWingertRelease(path, options);
  const recordings = await mapSessions(release, options);
  const cache: WingertContext["cache"] = new SessionCache(maxCacheBytes);
  const context: WingertContext = { release, warnings, cache };
  const numbers = numbersBySession(cells);
  checkAllThere([...numbers.keys()], recordings, release.archive.name);
  return [...numbers].sort(byId).map(([id, cellNumbers]) => {
    const recording = recordings.get(id) as WingertRecording;
    const own = cellNumbers.map((number) => cells[number]);
    warnOfMissing(own, recording, context);
    const { unit } = recording;
    // One alone is kept, however large: a first pass reads it twice.
    if (numbers.size > 1) cache.expect(storedBytes(release, unit));
    const parts = { id, unit, cells: own.map(spiking), cellNumbers, subset };
    return withLineage(
      wingertSession(parts, context),
      { source: wingertOrigin(path, maxCacheBytes, parts, context) },
    );
  });
}

function byId([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function spiking(cell: CellMeta): CellMeta {
  return { ...cell, signalType: "spikes" };
}

function numbersBySession(cells: readonly CellMeta[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const [number, { session }] of cells.entries()) {
    const own = numbers.get(String(session));
    if (own) own.push(number);
    else numbers.set(String(session), [number]);
  }
  return numbers;
}

function checkAllThere(
  sessions: readonly string[],
  recordings: ReadonlyMap<string, WingertRecording>,
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
  { unit, chans }: WingertRecording,
  { release, warnings }: WingertContext,
): void {
  const listed = new Set(chans);
  for (const cellId of cells.map((cell) => String(cell.cellId))) {
    if (listed.has(cellId)) continue;
    const text = `cell ${cellId} is not in it: without responses`;
    warnings.warn("missing-cell", placeOf(release, unit), text, {
      item: cellId,
    });
  }
}
