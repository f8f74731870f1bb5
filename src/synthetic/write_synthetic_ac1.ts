import { checkCount, checkOptions } from "../base/check.ts";
import { join } from "../base/path.ts";
import { makeFolder } from "../platform/files.ts";
import type { GateTally } from "../session.ts";
import { asariMembers } from "./ac1/asari.ts";
import { asariStimulusMembers } from "./ac1/asari_stimuli.ts";
import { textMember } from "./ac1/member.ts";
import {
  type SyntheticCellTruth,
  SyntheticLedger,
  type SyntheticRecord,
  type SyntheticRecordKind,
} from "./ac1/ledger.ts";
import { SyntheticParts } from "./shared/part_files.ts";
import { type SyntheticPlan, syntheticPlan } from "./ac1/plan.ts";
import {
  SYNTHETIC_NONLINEARITY,
  type SyntheticNonlinearity,
  type SyntheticResponse,
} from "./ac1/response.ts";
import { SYNTHETIC_LAGS } from "./ac1/strf.ts";
import { wehrMembers } from "./ac1/wehr.ts";
import { megabytesOf, type SyntheticScale } from "./shared/scale.ts";
import {
  type SyntheticProgress,
  writeReleaseZip,
} from "./shared/release_zip.ts";
import type { SyntheticMember } from "./shared/zip.ts";

export type {
  SyntheticCellTruth,
  SyntheticNonlinearity,
  SyntheticProgress,
  SyntheticRecord,
  SyntheticRecordKind,
  SyntheticResponse,
  SyntheticScale,
};

/** Options for {@linkcode writeSyntheticAc1}. */
export interface SyntheticAc1Options {
  /**
   * Whole number, 0 to 2^32 - 1. The same seed and scale give the same bytes.
   *
   * @default {1}
   */
  readonly seed?: number;
  /**
   * Size of the three zips together: a name, or 2 to 2000 MB (10^6 bytes). The
   * actual size differs by up to a quarter.
   *
   * @default {"tiny"}
   */
  readonly scale?: SyntheticScale | number;
  /**
   * Model of the response: `linear` is the receptive field alone, `nonlinear` a
   * response that no linear field predicts with a correlation above 0.71. With
   * `z` the field's response in its standard deviations, `e = max(0, z - 0.5)^2`
   * and `n` the mean of `e` over the past (exponential, 50 ms), it is
   * `6 e / (1 + e + 4 n)` such deviations.
   *
   * @default {"linear"}
   */
  readonly response?: SyntheticResponse;
  /** Aborts the writing; it rejects and removes its files. */
  readonly signal?: AbortSignal;
  /** Called after each member. */
  readonly onProgress?: (progress: SyntheticProgress) => void;
}

/** Ground truth of a synthetic release, as in `truth.json`. */
export interface SyntheticAc1Truth {
  /** Seed of the release. */
  readonly seed: number;
  /** Target size in MB. */
  readonly megabytes: number;
  /** Model of the responses. */
  readonly response: SyntheticResponse;
  /** Constants of the nonlinear response, which all cells share. */
  readonly nonlinearity?: SyntheticNonlinearity;
  /** Axes of the receptive fields, equal to those of the default spectrogram. */
  readonly strfAxes: {
    readonly bands: number;
    readonly fminHz: number;
    readonly bandsPerOctave: number;
    readonly lags: number;
    readonly dtMs: number;
  };
  /** Wehr half. */
  readonly wehr: SyntheticHalfTruth;
  /** Asari half. */
  readonly asari: SyntheticHalfTruth;
}

/** Ground truth of one experimenter's half. */
export interface SyntheticHalfTruth {
  /** Cells by session. */
  readonly cells: Readonly<Record<string, SyntheticCellTruth>>;
  /** Repeats of known stimuli, by the verdict of the gate at its defaults. */
  readonly tally: GateTally;
  /** Awkward records and their places. */
  readonly records: readonly SyntheticRecord[];
}

const ACT = "write synthetic AC1";
const OPTIONS = ["seed", "scale", "response", "signal", "onProgress"] as const;

/**
 * Writes a synthetic CRCNS AC1: three zips in the layout of the real release,
 * with the records that make the real one awkward to read. Known receptive fields
 * drive the responses.
 *
 * - Stimuli at 97.656 kHz: tones in the middle of the bands from 2 kHz up (6 per
 *   octave from 100 Hz) over a floor of noise; levels in dB vary from one 5 ms bin
 *   to the next.
 * - Responses at 4 kHz (Wehr) and 10 kHz (Asari): the field applied to the levels,
 *   some mV, plus a resting level, drift and noise that differ in every repeat.
 *   Cells of the thalamus fire spikes of a Poisson process whose rate the field
 *   drives. `response: "nonlinear"` adds threshold, saturation and gain control
 *   (Heeger 1992, Vis. Neurosci. 9:181) to the field.
 * - `truth.json` beside the zips holds the fields, the awkward records and the
 *   gate's counts.
 * - Files get their names once all of them are whole. One member is in memory at a
 *   time, at any scale.
 * - Source: layout and counts of the CRCNS ac-1 release (Machens, Wehr and Zador
 *   2004, J. Neurosci. 24:1089; Asari and Zador 2009, J. Neurophysiol. 102:2638).
 *
 * @example Generate a small release
 * ```ts
 * import { writeSyntheticAc1 } from "rxephys/synthetic";
 *
 * const folder = await Deno.makeTempDir();
 * const truth = await writeSyntheticAc1(folder, { seed: 7, scale: "tiny" });
 * for (const [session, cell] of Object.entries(truth.wehr.cells)) {
 *   const [band, lag] = cell.strfPeak;
 *   console.log(`${session}: band ${band}, ${lag * 5} ms`);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param dir Folder for the zips; created if missing.
 * @param options Seed, size and model.
 * @returns Ground truth of the release.
 * @throws {TypeError} When called, if an option has a wrong type or an unknown
 * name.
 * @throws {RangeError} When called, if an option is out of range.
 * @throws {OutputError} In the promise, if a link or a device has the name of a
 * part.
 * @throws {Error} In the promise, the error of the file system (`Deno.errors`) or
 * the reason of the signal; no file is left then.
 */
export function writeSyntheticAc1(
  dir: string,
  options: SyntheticAc1Options = {},
): Promise<SyntheticAc1Truth> {
  checkOptions<SyntheticAc1Options>(ACT, options, OPTIONS);
  const { seed = 1, scale = "tiny", response = "linear" } = options;
  const { signal, onProgress = () => {} } = options;
  checkCount(ACT, "seed", seed, 0, 2 ** 32 - 1);
  const megabytes = megabytesOf(ACT, scale, 2);
  if (response !== "linear" && response !== "nonlinear") {
    throw new TypeError(
      `Cannot ${ACT}: response is ${String(response)}, ` +
        "expected linear or nonlinear",
    );
  }
  const plan = syntheticPlan(seed, megabytes, response);
  return writeRelease(dir, plan, signal, onProgress);
}

async function writeRelease(
  dir: string,
  plan: SyntheticPlan,
  signal: AbortSignal | undefined,
  onProgress: (progress: SyntheticProgress) => void,
): Promise<SyntheticAc1Truth> {
  const wehr = new SyntheticLedger();
  const asari = new SyntheticLedger();
  signal?.throwIfAborted();
  await makeFolder(dir);
  using parts = new SyntheticParts();
  for (const [archive, members] of archivesOf(plan, wehr, asari)) {
    const { megabytes } = plan;
    const writing = { megabytes, signal, onProgress };
    await writeReleaseZip(parts, dir, archive, members, writing);
  }
  const truth = truthOf(plan, wehr, asari);
  await parts.writeText(join(dir, "truth.json"), JSON.stringify(truth));
  signal?.throwIfAborted();
  await parts.commit();
  return truth;
}

function archivesOf(
  plan: SyntheticPlan,
  wehr: SyntheticLedger,
  asari: SyntheticLedger,
): [string, Iterable<SyntheticMember>][] {
  return [
    ["crcns-ac1.zip", mainMembers(plan, wehr, asari)],
    ["crcns-ac1-asari-results-1.zip", asariMembers(plan, 1, asari)],
    ["crcns-ac1-asari-results-2.zip", asariMembers(plan, 2, asari)],
  ];
}

function* mainMembers(
  plan: SyntheticPlan,
  wehr: SyntheticLedger,
  asari: SyntheticLedger,
): Generator<SyntheticMember> {
  yield textMember("README.txt", "synthetic stand-in for CRCNS AC1\n");
  yield* wehrMembers(plan, wehr);
  yield* asariStimulusMembers(plan, asari);
}

function truthOf(
  { seed, megabytes, response }: SyntheticPlan,
  wehr: SyntheticLedger,
  asari: SyntheticLedger,
): SyntheticAc1Truth {
  return {
    seed,
    megabytes,
    response,
    ...(response === "nonlinear" && { nonlinearity: SYNTHETIC_NONLINEARITY }),
    strfAxes: {
      bands: 53,
      fminHz: 100,
      bandsPerOctave: 6,
      lags: SYNTHETIC_LAGS,
      dtMs: 5,
    },
    wehr: halfOf(wehr),
    asari: halfOf(asari),
  };
}

function halfOf(
  { cells, tally, records }: SyntheticLedger,
): SyntheticHalfTruth {
  return { cells, tally, records };
}
