import type { ReadOptions } from "../../session.ts";
import type { SourceWarnings } from "../shared/warnings.ts";
import { sessionOf } from "./_cell_list.ts";
import { placeOf, recordingChannels } from "./_recording.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";
import {
  type ChannelsByPath,
  readIndex,
  writeIndex,
} from "./_session_index.ts";

/** Recording of a session. */
export interface SessionRecording {
  readonly stored: StoredRecording;
  /** Cells that it lists. */
  readonly channels: readonly string[];
}

/** Options of {@linkcode mapSessions}. */
export interface SessionMapOptions extends ReadOptions {
  readonly warnings: SourceWarnings;
  /** Folder of the session index, if not the usual one. */
  readonly indexFolder?: string | undefined;
}

/**
 * Finds the recording of each session. The cells of a recording show its
 * session, its name does not; recordings in the session index are not opened.
 *
 * Warns of recordings without cells, of recordings with cells of several
 * sessions, and of recordings that are dropped because another has the session.
 */
export async function mapSessions(
  release: WingertRelease,
  { warnings, indexFolder, ...options }: SessionMapOptions,
): Promise<ReadonlyMap<string, SessionRecording>> {
  const channels = await channelsByPath(release, indexFolder, options);
  const found = new Map<string, [SessionRecording, ...SessionRecording[]]>();
  for (const stored of release.recordings) {
    const recording = { stored, channels: channels.get(stored.path) ?? [] };
    const session = ownSession(recording, release, warnings);
    if (session === undefined) continue;
    const others = found.get(session);
    if (others) others.push(recording);
    else found.set(session, [recording]);
  }
  return new Map(
    [...found].map(([session, recordings]) => [
      session,
      kept(session, recordings, release, warnings),
    ]),
  );
}

async function channelsByPath(
  release: WingertRelease,
  folder: string | undefined,
  options: ReadOptions,
): Promise<ChannelsByPath> {
  const known = await readIndex(release, folder);
  const unknown = release.recordings.filter(({ path }) => !known.has(path));
  for (const stored of unknown) {
    options.signal?.throwIfAborted();
    const channels = await recordingChannels(release, stored, options);
    known.set(stored.path, channels);
  }
  if (unknown.some(({ stamp }) => stamp !== null)) {
    await writeIndex(release, known, folder);
  }
  return known;
}

function ownSession(
  { stored, channels }: SessionRecording,
  release: WingertRelease,
  warnings: SourceWarnings,
): string | undefined {
  const place = placeOf(release, stored);
  const [session, ...others] = new Set(channels.map(sessionOf));
  if (session === undefined) {
    warnings.warn("empty-recording", place, "it lists no cells: left out");
  }
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

/** The recording named as the session, or else the first by path. */
function kept(
  session: string,
  recordings: readonly [SessionRecording, ...SessionRecording[]],
  release: WingertRelease,
  warnings: SourceWarnings,
): SessionRecording {
  const named = recordings.find(({ stored }) =>
    stored.name.split("_", 1)[0] === session
  );
  const best = named ?? recordings[0];
  for (const recording of recordings) {
    if (recording === best) continue;
    warnings.warn(
      "duplicate-recording",
      placeOf(release, recording.stored),
      `session ${session} is read from ${best.stored.name}: dropped`,
    );
  }
  return best;
}
