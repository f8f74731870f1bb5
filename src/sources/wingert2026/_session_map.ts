import type { ReadOptions } from "../../session.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { sessionOf } from "./_channels.ts";
import { type ChansByUnit, readIndex, writeIndex } from "./_session_index.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";
import { placeOf, readUnitChans } from "./_recording.ts";

/** The recording of a session. */
export interface WingertRecording {
  readonly unit: StoredRecording;
  /** The cells that it lists. */
  readonly chans: readonly string[];
}

/** Options of {@linkcode mapSessions}. */
export interface SessionMapOptions extends ReadOptions {
  readonly warnings: SourceWarnings;
  /** Where the index of the release is kept, if not in its usual folder. */
  readonly indexFolder?: string;
}

/**
 * Finds the recording of every session. A recording says in its cells whose it
 * is, never in its name; what an earlier start has learned is not read again.
 *
 * Warns of recordings without cells, with cells of several sessions, and of
 * those dropped since another has the same session.
 */
export async function mapSessions(
  release: WingertRelease,
  { warnings, indexFolder, signal }: SessionMapOptions,
): Promise<ReadonlyMap<string, WingertRecording>> {
  const chans = await chansByUnit(release, indexFolder, signal);
  const found = new Map<string, WingertRecording[]>();
  for (const unit of release.units) {
    const recording = { unit, chans: chans.get(unit.path) ?? [] };
    const session = ownSession(recording, release, warnings);
    if (session === null) continue;
    found.set(session, [...found.get(session) ?? [], recording]);
  }
  return new Map(
    [...found].map(([session, recordings]) => [
      session,
      kept(session, recordings, release, warnings),
    ]),
  );
}

async function chansByUnit(
  release: WingertRelease,
  folder: string | undefined,
  signal?: AbortSignal,
): Promise<ChansByUnit> {
  const known = await readIndex(release, folder);
  const unknown = release.units.filter(({ path }) => !known.has(path));
  for (const unit of unknown) {
    signal?.throwIfAborted();
    known.set(unit.path, await readUnitChans(release, unit, { signal }));
  }
  if (unknown.some(({ stamp }) => stamp !== null)) {
    await writeIndex(release, known, folder);
  }
  return known;
}

function ownSession(
  { unit, chans }: WingertRecording,
  release: WingertRelease,
  warnings: SourceWarnings,
): string | null {
  const place = placeOf(release, unit);
  if (chans.length === 0) {
    warnings.warn("empty-recording", place, "it lists no cells: left out");
    return null;
  }
  const [session, ...others] = new Set(chans.map(sessionOf));
  if (others.length > 0) {
    warnings.warn(
      "mixed-sessions",
      place,
      `its cells are of ${session} and ${others.join(", ")}: ` +
        `taken for ${session}`,
    );
  }
  return session;
}

/** The one named as the session, or else the first; recordings are in order. */
function kept(
  session: string,
  recordings: readonly WingertRecording[],
  release: WingertRelease,
  warnings: SourceWarnings,
): WingertRecording {
  const named = recordings.find(({ unit }) =>
    unit.name.split("_", 1)[0] === session
  );
  const best = named ?? recordings[0];
  for (const recording of recordings) {
    if (recording === best) continue;
    warnings.warn(
      "duplicate-recording",
      placeOf(release, recording.unit),
      `session ${session} is read from ${best.unit.name}: dropped`,
    );
  }
  return best;
}
