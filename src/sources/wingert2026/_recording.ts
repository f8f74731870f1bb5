import { ArchiveError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import { tgzMembers } from "../../archive/tar/tgz.ts";
import { readChannels } from "./_channels.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";

/** A file of a recording. */
export interface RecordingFile {
  /** Valid until the next file is asked for. */
  readonly bytes: Uint8Array;
  /** Place of the file; `!` divides a tarball from the path in it. */
  readonly place: MemberPlace;
}

/** Place of a recording, as errors and warnings name it. */
export function placeOf(
  { archive }: WingertRelease,
  { path }: StoredRecording,
): MemberPlace {
  return archive.locate(path);
}

/** Bytes of a recording in its archive, about as many as it takes when loaded. */
export function storedBytes(
  { archive }: WingertRelease,
  { path }: StoredRecording,
): number {
  let total = 0;
  for (const member of archive.members) {
    const isOwn = member.path === path || member.path.startsWith(`${path}/`);
    if (isOwn) total += member.size;
  }
  return total;
}

/**
 * Reads the files of a recording whose names have one of the suffixes, in the
 * order in which they are stored. A caller that stops early leaves the rest of a
 * tarball unread.
 */
export async function* recordingFiles(
  release: WingertRelease,
  recording: StoredRecording,
  suffixes: readonly string[],
  options: ReadOptions,
): AsyncGenerator<RecordingFile> {
  const { archive } = release;
  // Other systems leave notes about files under names that start with a dot.
  const isWanted = (path: string): boolean =>
    !/(^|\/)\.[^/]*$/.test(path) &&
    suffixes.some((suffix) => path.endsWith(suffix));
  if (recording.isTarball) {
    const place = placeOf(release, recording);
    const stream = archive.stream(recording.path, options);
    const members = tgzMembers(stream, isWanted, {
      ...place,
      ...options,
      limits: archive.limits,
    });
    for await (const { path, bytes } of members) {
      yield { bytes, place: { ...place, member: `${place.member}!${path}` } };
      // A whole file: its memory need not wait for the garbage collector.
      (bytes.buffer as ArrayBuffer).transfer(0);
    }
    return;
  }
  for (const { path } of archive.members) {
    const name = path.slice(recording.path.length + 1);
    const isInside = path.startsWith(`${recording.path}/`) &&
      !name.includes("/");
    if (!isInside || !isWanted(name)) continue;
    const bytes = await archive.read(path, options);
    yield { bytes, place: archive.locate(path) };
  }
}

/**
 * Reads the cells that a recording lists; of a tarball no more is read than the
 * part that ends with its `resp.json`.
 *
 * @throws {ArchiveError} If it has no such file.
 */
export async function recordingChannels(
  release: WingertRelease,
  recording: StoredRecording,
  options: ReadOptions,
): Promise<readonly string[]> {
  const files = recordingFiles(release, recording, [".resp.json"], options);
  for await (const { bytes, place } of files) {
    return readChannels(bytes, place, release.archive.limits);
  }
  throw missingFileError(".resp.json", placeOf(release, recording));
}

/** Error of a recording that lacks a file. */
export function missingFileError(
  suffix: string,
  place: MemberPlace,
): ArchiveError {
  return new ArchiveError(
    `Cannot read recording: there is no member *${suffix}`,
    place,
  );
}
