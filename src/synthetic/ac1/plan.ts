import type { SyntheticResponse } from "./response.ts";

/** Numeric types of the samples: all that the release has, or floats alone. */
export type SyntheticSamples = "mixed" | "float";

/** Size of a synthetic release, and the counts that add up to it. */
export interface SyntheticPlan {
  readonly seed: number;
  /** Target size of all zips together, in 10^6 bytes. */
  readonly megabytes: number;
  /** Model of the responses. */
  readonly response: SyntheticResponse;
  readonly wehr: {
    readonly cells: number;
    readonly stimuli: number;
    /** Mean length of a stimulus. */
    readonly durationMs: number;
    /** Largest deviation from the mean length, as a fraction of it. */
    readonly durationSpread: number;
    /** Mean number of stimuli that a cell hears. */
    readonly heard: number;
    /** Largest deviation from that number. */
    readonly heardSpread: number;
    readonly samples: SyntheticSamples;
    /** Good repeats per stimulus and cell. */
    readonly repeats: number;
  };
  readonly asari: {
    readonly a1Cells: number;
    readonly mgbCells: number;
    readonly classes: number;
    readonly segmentsPerClass: number;
    readonly segmentMs: number;
    /** Distinct sequences in the release. */
    readonly sequences: number;
    readonly sequencesPerCell: number;
    readonly segmentsPerSequence: number;
    readonly filesPerCell: number;
    /** How often a file plays each of its sequences. */
    readonly passesPerFile: number;
  };
}

const TINY_MB = 2;
const LARGE_MB = 1000;
const STIMULUS_HZ = 97656.25;
const WEHR_HZ = 4000;
const ASARI_HZ = 10_000;
// Bytes per sample in a zip, averaged over the types (measured).
const STIMULUS_BYTES = 1.85;
const WEHR_BYTES = 2.45;
const ASARI_BYTES = 2.75;
/** Bytes of a trial besides its samples: structs and zip headers. */
const TRIAL_BYTES = 1300;
const WEHR_MARGIN_MS = 170;
const ASARI_GAP_MS = 150;
const MAX_DURATION_MS = 6000;
const MAX_FILE_MS = 60_000;

/**
 * Divides megabytes as the real release does: counts grow from a few to those
 * of the real release at 1 GB, and the rest goes into repeats.
 */
export function syntheticPlan(
  seed: number,
  megabytes: number,
  response: SyntheticResponse = "linear",
): SyntheticPlan {
  const counts = {
    cells: grown(4, 25),
    stimuli: grown(6, 51),
    heard: grown(3, 14),
    durationMs: Math.min(
      MAX_DURATION_MS,
      inFives(600 * (megabytes / TINY_MB) ** 0.6),
    ),
  };
  const asari = {
    a1Cells: grown(2, 39),
    mgbCells: grown(1, 14),
    classes: grown(3, 8),
    segmentsPerClass: grown(4, 12),
    segmentMs: inFives(geometric(200, 1000)),
    sequences: grown(4, 67),
    sequencesPerCell: grown(2, 8),
    segmentsPerSequence: grown(4, 6),
  };
  const restBytes = megabytes * 1e6 -
    stimulusBytes(counts.stimuli * counts.durationMs) -
    stimulusBytes(asari.classes * asari.segmentsPerClass * asari.segmentMs);
  const wehrShare = geometric(0.45, 0.25);
  const repeats = affordable(restBytes * wehrShare, wehrRepeatBytes(counts));
  const passMs = asari.sequencesPerCell *
    (asari.segmentsPerSequence * asari.segmentMs + ASARI_GAP_MS);
  const passes = affordable(
    restBytes * (1 - wehrShare),
    (asari.a1Cells + asari.mgbCells) * passMs / 1000 * ASARI_HZ * ASARI_BYTES,
  );
  const passesPerFile = Math.max(
    1,
    Math.min(Math.round(passes / 4), Math.floor(MAX_FILE_MS / passMs)),
  );
  return {
    seed,
    megabytes,
    response,
    wehr: {
      ...counts,
      repeats,
      durationSpread: 0.3,
      heardSpread: Math.floor(counts.heard / 3),
      samples: "mixed",
    },
    asari: {
      ...asari,
      passesPerFile,
      filesPerCell: Math.max(3, Math.round(passes / passesPerFile)),
    },
  };

  function geometric(atTiny: number, atLarge: number): number {
    const share = Math.log(megabytes / TINY_MB) / Math.log(LARGE_MB / TINY_MB);
    return atTiny * (atLarge / atTiny) ** Math.min(1, share);
  }

  function grown(atTiny: number, atLarge: number): number {
    return Math.round(geometric(atTiny, atLarge));
  }
}

/** Number of items that fit; at least three, as the gate's correlation needs. */
function affordable(bytes: number, bytesEach: number): number {
  return Math.max(3, Math.round(bytes / bytesEach));
}

function inFives(value: number): number {
  return Math.round(value / 5) * 5;
}

function stimulusBytes(durationMs: number): number {
  return durationMs / 1000 * STIMULUS_HZ * STIMULUS_BYTES;
}

function wehrRepeatBytes(
  { cells, heard, durationMs }: Pick<
    SyntheticPlan["wehr"],
    "cells" | "heard" | "durationMs"
  >,
): number {
  const samples = (durationMs + WEHR_MARGIN_MS) / 1000 * WEHR_HZ;
  return cells * heard * (samples * WEHR_BYTES + TRIAL_BYTES);
}
