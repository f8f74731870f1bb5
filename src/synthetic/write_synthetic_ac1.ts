import { checkCount } from "../base/check.ts";
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
import { type SyntheticMember, writeSyntheticZip } from "./shared/zip.ts";

export type {
  SyntheticCellTruth,
  SyntheticNonlinearity,
  SyntheticRecord,
  SyntheticResponse,
  SyntheticScale,
};

/** How far {@linkcode writeSyntheticAc1} has come. */
export interface SyntheticProgress {
  /** The zip that is being written. */
  readonly archive: string;
  /** The member that was written last. */
  readonly member: string;
  /** Bytes written to all of the zips so far. */
  readonly bytes: number;
  /** Bytes that the zips will have in the end, roughly. */
  readonly expectedBytes: number;
}

/** Options for {@linkcode writeSyntheticAc1}. */
export interface SyntheticAc1Options {
  /**
   * Whole number, 0 to 2^32 - 1. The same seed and scale give the same bytes.
   *
   * @default {1}
   */
  readonly seed?: number;
  /**
   * Size of the three zips together: a name, or 2 to 2000 MB (10^6 bytes). It
   * is met to about a quarter.
   *
   * @default {"tiny"}
   */
  readonly scale?: SyntheticScale | number;
  /**
   * How the membrane potential follows from the stimulus: `linear` is the
   * receptive field alone; `nonlinear` is what a linear field cannot catch, at
   * best by a correlation of 0.71. With `z` the field's response in its standard
   * deviations, `e = max(0, z - 0.5)^2` and `n` the mean of `e` over the past
   * (exponential, 50 ms), it is `6 e / (1 + e + 4 n)` such deviations.
   *
   * @default {"linear"}
   */
  readonly response?: SyntheticResponse;
  /** Ends the writing early: nothing is left of it, and it rejects. */
  readonly signal?: AbortSignal;
  /** Called after every member. */
  readonly onProgress?: (progress: SyntheticProgress) => void;
}

/** What is true of a synthetic release; `truth.json` holds the same. */
export interface SyntheticAc1Truth {
  /** Seed that was given. */
  readonly seed: number;
  /** Size that was aimed at, in MB. */
  readonly megabytes: number;
  /** How the responses follow from the stimuli. */
  readonly response: SyntheticResponse;
  /** Where they are not linear: the constants of the response, for all cells. */
  readonly nonlinearity?: SyntheticNonlinearity;
  /** Axes of the receptive fields: those of the default spectrogram. */
  readonly strfAxes: {
    readonly bands: number;
    readonly fminHz: number;
    readonly bandsPerOctave: number;
    readonly lags: number;
    readonly dtMs: number;
  };
  /** The Wehr cells, by session. */
  readonly wehr: SyntheticHalfTruth;
  /** The Asari cells, by session. */
  readonly asari: SyntheticHalfTruth;
}

/** What is true of one experimenter's half. */
export interface SyntheticHalfTruth {
  /** By session. */
  readonly cells: Readonly<Record<string, SyntheticCellTruth>>;
  /** Repeats of known stimuli, by what the gate at its defaults makes of them. */
  readonly tally: GateTally;
  /** The awkward records, and where they lie. */
  readonly records: readonly SyntheticRecord[];
}

const ACT = "write synthetic AC1";

/**
 * Writes a synthetic CRCNS AC1: three zips in the layout of the real release,
 * with the records that make the real one awkward to read, and responses driven
 * by known receptive fields.
 *
 * - Stimuli: tones in the middle of the bands from 2 kHz up (6 per octave from
 *   100 Hz), whose levels in dB vary from one 5 ms bin to the next, over a floor
 *   of noise; 97.656 kHz.
 * - Responses: the field applied to the levels, some mV, plus noise, drift and a
 *   resting level, different in every repeat; 4 kHz (Wehr) and 10 kHz (Asari).
 *   Cells of the thalamus fire: spikes of a Poisson process whose rate the
 *   field drives. `response: "nonlinear"` puts threshold, saturation and gain
 *   control (Heeger 1992, Vis. Neurosci. 9:181) behind the field.
 * - `truth.json` beside the zips holds the fields, the awkward records and what
 *   the gate makes of the repeats.
 * - Files get their names when all of them are whole. What is in memory at a
 *   time is one member, at any scale.
 * - Source: layout and counts of the CRCNS ac-1 release (Machens, Wehr and Zador
 *   2004, J. Neurosci. 24:1089; Asari and Zador 2009, J. Neurophysiol. 102:2638).
 *
 * @example A release to try things on
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
 * @param dir Folder for the zips, made if it is not there.
 * @param options Seed and size.
 * @returns What is true of the release.
 * @throws {TypeError} When called, if an option is of a wrong type or name.
 * @throws {RangeError} When called, if an option is out of range.
 * @throws {Error} The file system's own error (`Deno.errors`), or the reason of
 * the signal; no file has its name then.
 */
export function writeSyntheticAc1(
  dir: string,
  options: SyntheticAc1Options = {},
): Promise<SyntheticAc1Truth> {
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
    const sink = await parts.create(join(dir, archive));
    await writeSyntheticZip(sink, members, {
      signal,
      onMember: (member) =>
        onProgress({
          archive,
          member,
          bytes: parts.bytes,
          expectedBytes: plan.megabytes * 1e6,
        }),
    });
  }
  const truth = truthOf(plan, wehr, asari);
  await parts.writeText(join(dir, "truth.json"), JSON.stringify(truth));
  signal?.throwIfAborted();
  parts.commit();
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
