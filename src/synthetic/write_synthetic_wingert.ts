import { checkCount, checkOptions } from "../base/check.ts";
import { join } from "../base/path.ts";
import { makeFolder } from "../platform/files.ts";
import { SyntheticParts } from "./shared/part_files.ts";
import { SyntheticRandom } from "./shared/random.ts";
import {
  type SyntheticProgress,
  writeReleaseZip,
} from "./shared/release_zip.ts";
import type { SyntheticMember } from "./shared/zip.ts";
import { type WingertPlan, wingertPlan } from "./wingert/plan.ts";
import type { SyntheticWingertPlay } from "./wingert/schedule.ts";
import {
  type MadeSite,
  madeSite,
  type SyntheticWingertCell,
  type SyntheticWingertSite,
} from "./wingert/site.ts";
import { BANDS } from "./wingert/sound.ts";
import { syntheticWavs } from "./wingert/wav.ts";
import { LAGS, type SyntheticWingertStrf } from "./wingert/strf.ts";
import { cellListCsv } from "./wingert/table.ts";
import { megabytesOf, type SyntheticScale } from "./shared/scale.ts";

export type {
  SyntheticWingertCell,
  SyntheticWingertPlay,
  SyntheticWingertSite,
  SyntheticWingertStrf,
};

/** Options for {@linkcode writeSyntheticWingert}. */
export interface SyntheticWingertOptions {
  /**
   * Whole number, 0 to 2^32 - 1. The same seed and scale give the same bytes.
   *
   * @default {1}
   */
  readonly seed?: number;
  /**
   * Size of archive and cell list together, without sounds: a name, or 1 to 2000 MB (10^6
   * bytes). The actual size differs by up to a quarter.
   *
   * @default {"tiny"}
   */
  readonly scale?: SyntheticScale | number;
  /**
   * Whether to write the sounds of the stimuli as well, some 330 KB each.
   *
   * @default {false}
   */
  readonly sounds?: boolean;
  /** Aborts the writing; it rejects and removes its files. */
  readonly signal?: AbortSignal;
  /** Called after each recording and each sound. */
  readonly onProgress?: (progress: SyntheticProgress) => void;
}

/** Ground truth of a synthetic release, as in `truth.json`. */
export interface SyntheticWingertTruth {
  /** Seed of the release. */
  readonly seed: number;
  /** Target size in MB. */
  readonly megabytes: number;
  /** Axes of the receptive fields. */
  readonly strfAxes: {
    readonly bands: number;
    readonly lags: number;
    readonly dtMs: number;
  };
  /** Recordings, in the order of their archives. */
  readonly sites: readonly SyntheticWingertSite[];
}

const ACT = "write synthetic Wingert";
const OPTIONS = ["seed", "scale", "sounds", "signal", "onProgress"] as const;
const ARCHIVE = "recordings.zip";
const SOUNDS = "wav.zip";

/**
 * Writes a synthetic release of Wingert et al. 2026 in the layout of the real one,
 * with the records that make the real one awkward to read. Known receptive fields
 * drive the spikes.
 *
 * - `recordings.zip`: a tarball per site with a NEMS recording at 100 Hz. Stimuli `(32, T)`, T = 2000 or 2200, estimation stimuli played once and
 *   validation stimuli several times; spike times in s.
 * - `cell_list.csv`: some hundred columns, fields with line breaks, missing values,
 *   cells without an area.
 * - Awkward: both probes of SLJ032a and its interrupted last trial, PRN018a
 *   twice, PRN015a in an archive of another name, starts on half a bin, joined
 *   files, a stimulus that was never played, a silent cell, a cell that is missing
 *   from the list; from 20 MB on a site with trees of two levels.
 * - Spikes: a Poisson process whose rate is linear in the stimulus, but never below
 *   zero. `truth.json` holds the fields, the presentations and all counts.
 * - `wav.zip`, with `sounds`: a WAV file of 17.79 s at 44.1 kHz for each stimulus,
 *   in stereo or mono, one with its name in capitals.
 * - Files get their names once all of them are whole. One site is in memory at a
 *   time, of some 10 MB at any scale from 60 MB on.
 * - Source: layout of the release of Wingert et al. 2026 as NEMS
 *   (github.com/LBHB/NEMS0, 2023-04) writes it.
 *
 * @example Generate a small release
 * ```ts
 * import { writeSyntheticWingert } from "rxephys/synthetic";
 *
 * const folder = await Deno.makeTempDir();
 * const { sites } = await writeSyntheticWingert(folder, { scale: 1 });
 * for (const { session, bins, cells } of sites) {
 *   console.log(`${session}: ${Object.keys(cells).length} cells, T ${bins}`);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param dir Folder for the files; created if missing.
 * @param options Seed and size.
 * @returns Ground truth of the release.
 * @throws {TypeError} When called, if an option has a wrong type or an unknown
 * name.
 * @throws {RangeError} When called, if an option is out of range.
 * @throws {OutputError} In the promise, if a link or a device has the name of a
 * part.
 * @throws {Error} In the promise, the error of the file system (`Deno.errors`) or
 * the reason of the signal; no file is left then.
 */
export function writeSyntheticWingert(
  dir: string,
  options: SyntheticWingertOptions = {},
): Promise<SyntheticWingertTruth> {
  checkOptions<SyntheticWingertOptions>(ACT, options, OPTIONS);
  const { seed = 1, scale = "tiny", sounds = false } = options;
  const { signal, onProgress = () => {} } = options;
  checkCount(ACT, "seed", seed, 0, 2 ** 32 - 1);
  if (typeof sounds !== "boolean") {
    throw new TypeError(
      `Cannot ${ACT}: sounds is ${String(sounds)}, expected true or false`,
    );
  }
  const plan = wingertPlan(seed, megabytesOf(ACT, scale, 1));
  return writeRelease(dir, plan, { sounds, signal, onProgress });
}

/** Options of a checked call. */
interface WritingOptions {
  readonly sounds: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: SyntheticProgress) => void;
}

async function writeRelease(
  dir: string,
  plan: WingertPlan,
  { sounds, signal, onProgress }: WritingOptions,
): Promise<SyntheticWingertTruth> {
  signal?.throwIfAborted();
  await makeFolder(dir);
  using parts = new SyntheticParts();
  const sites: SyntheticWingertSite[] = [];
  await parts.writeText(join(dir, "cell_list.csv"), cellListCsv(plan));
  const { seed, megabytes } = plan;
  const writing = { megabytes, signal, onProgress };
  const members = recordings(plan, sites);
  await writeReleaseZip(parts, dir, ARCHIVE, members, writing);
  if (sounds) {
    await writeReleaseZip(parts, dir, SOUNDS, syntheticWavs(plan), writing);
  }
  const strfAxes = { bands: BANDS, lags: LAGS, dtMs: 10 };
  const truth = { seed, megabytes, strfAxes, sites };
  await parts.writeText(join(dir, "truth.json"), JSON.stringify(truth));
  signal?.throwIfAborted();
  await parts.commit();
  return truth;
}

/** Archives in order of name, each generated in its turn. */
function* recordings(
  { seed, sites }: WingertPlan,
  truths: SyntheticWingertSite[],
): Generator<SyntheticMember> {
  const byName = [...sites].sort((a, b) =>
    (a.archives[0] ?? "") < (b.archives[0] ?? "") ? -1 : 1
  );
  for (const site of byName) {
    const archives = site.archives.map((prefix) =>
      `${prefix}_${optionsHash(seed, prefix)}.tgz`
    );
    let made: MadeSite | undefined;
    for (const archive of archives) {
      yield {
        path: `recordings/${archive}`,
        packing: "store",
        bytes: () => {
          made ??= madeSite(seed, site);
          return made.tgz;
        },
      };
    }
    if (made) truths.push({ ...made.truth, archives });
  }
}

/** Stands in for the SHA-1 of a loader's options. */
function optionsHash(seed: number, prefix: string): string {
  const random = new SyntheticRandom(seed, `hash/${prefix}`);
  return Array.from(
    { length: 5 },
    () => random.uint32().toString(16).padStart(8, "0"),
  ).join("");
}
