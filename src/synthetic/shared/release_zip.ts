import { join } from "../../base/path.ts";
import type { SyntheticParts } from "./part_files.ts";
import { type SyntheticMember, writeSyntheticZip } from "./zip.ts";

/** Progress of a synthetic release that is being written. */
export interface SyntheticProgress {
  /** Zip that is being written. */
  readonly archive: string;
  /** Member that was written last. */
  readonly member: string;
  /** Bytes written to all zips so far. */
  readonly bytes: number;
  /** Approximate size of all zips at the end, in bytes. */
  readonly expectedBytes: number;
}

/** How the zips of a release are written. */
export interface ReleaseWriting {
  /** Size of the release, in MB (10^6 bytes). */
  readonly megabytes: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: SyntheticProgress) => void;
}

/** Writes a zip of a release among its parts, and reports each member. */
export async function writeReleaseZip(
  parts: SyntheticParts,
  dir: string,
  archive: string,
  members: Iterable<SyntheticMember>,
  { megabytes, signal, onProgress }: ReleaseWriting,
): Promise<void> {
  await writeSyntheticZip(await parts.create(join(dir, archive)), members, {
    signal,
    onMember: (member) =>
      onProgress({
        archive,
        member,
        bytes: parts.bytes,
        expectedBytes: megabytes * 1e6,
      }),
  });
}
