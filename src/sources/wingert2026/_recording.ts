import { ArchiveError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import { tgzMembers } from "../../archive/tar/tgz.ts";
import { readChans } from "./_channels.ts";
import type { StoredRecording, WingertRelease } from "./_release.ts";

/** A file of a recording. */
export interface UnitMember {
  /** Good until the next file is asked for. */
  readonly bytes: Uint8Array;
  /** Where it lies: a tarball and the path in it are divided by `!`. */
  readonly place: MemberPlace;
}

/** Where a recording lies, as errors and warnings name it. */
export function placeOf(
  { archive }: WingertRelease,
  { path }: StoredRecording,
): MemberPlace {
  return archive.locate(path);
}

/** Bytes of a recording in its archive: once loaded it takes about as many. */
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
 * The files of a recording whose names end as asked for, in the order in which
 * they are stored. Who stops early leaves the rest of a tarball unread.
 */
export async function* unitMembers(
  release: WingertRelease,
  unit: StoredRecording,
  suffixes: readonly string[],
  { signal }: ReadOptions,
): AsyncGenerator<UnitMember> {
  const { archive } = release;
  // What starts with a dot is another system's note about a file.
  const isWanted = (path: string): boolean =>
    !/(^|\/)\.[^/]*$/.test(path) &&
    suffixes.some((suffix) => path.endsWith(suffix));
  if (unit.isTarball) {
    const place = placeOf(release, unit);
    const stream = archive.stream(unit.path, { signal });
    const members = tgzMembers(stream, isWanted, {
      ...place,
      signal,
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
    const name = path.slice(unit.path.length + 1);
    const isInside = path.startsWith(`${unit.path}/`) && !name.includes("/");
    if (!isInside || !isWanted(name)) continue;
    const bytes = await archive.read(path, { signal });
    yield { bytes, place: archive.locate(path) };
  }
}

/**
 * The cells of a recording: of a tarball no more is read than the part up to
 * its `resp.json`.
 *
 * @throws {ArchiveError} If it has no such file.
 */
export async function readUnitChans(
  release: WingertRelease,
  unit: StoredRecording,
  options: ReadOptions,
): Promise<readonly string[]> {
  const members = unitMembers(release, unit, [".resp.json"], options);
  for await (const { bytes, place } of members) {
    return readChans(bytes, place, release.archive.limits);
  }
  throw missing(".resp.json", placeOf(release, unit));
}

/** The error of a recording that lacks a file. */
export function missing(suffix: string, place: MemberPlace): ArchiveError {
  return new ArchiveError(
    `Cannot read recording: there is no member *${suffix}`,
    place,
  );
}
