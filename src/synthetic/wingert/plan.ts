import { SyntheticRandom } from "../shared/random.ts";
import type { SoundDetail } from "./sound.ts";

/** Cell of a synthetic site. */
export interface PlannedCell {
  readonly id: string;
  /** Site in the cell list. */
  readonly siteId: string;
  /** Brain area; null where the cell list leaves it empty. */
  readonly area: string | null;
  /** Mean rate; 0 for a silent cell. */
  readonly rateHz: number;
  /** Whether the cell list has the cell. */
  readonly isListed: boolean;
}

/** Recording and the archives that hold it. */
export interface PlannedSite {
  /** Prefixes of the archives: two for the recording that is there twice. */
  readonly archives: readonly string[];
  /** Folder in the archive. */
  readonly folder: string;
  readonly session: string;
  /** Site in `meta.json`. */
  readonly metaSite: string;
  /** Bins of 10 ms per stimulus. */
  readonly bins: number;
  readonly detail: SoundDetail;
  readonly cells: readonly PlannedCell[];
  /** Validation stimuli, each played `repeats` times. */
  readonly val: readonly string[];
  readonly repeats: number;
  /** Estimation stimuli, each played once. */
  readonly est: readonly string[];
  /** Whether the last of `est` is stored but was never played. */
  readonly hasUnplayed: boolean;
  readonly isInterrupted: boolean;
  /** Number of recorded files that were joined. */
  readonly files: number;
}

/** Plan of a release. */
export interface WingertPlan {
  readonly seed: number;
  /** Target size of the archives and the table together, in 10^6 bytes. */
  readonly megabytes: number;
  readonly sites: readonly PlannedSite[];
}

type SiteKind = Pick<PlannedSite, "folder" | "bins"> & {
  readonly session?: string;
  readonly archives?: readonly string[];
  readonly metaSite?: string;
  /** Areas that the cells take in turn. */
  readonly areas: readonly (string | null)[];
};

const ARCHIVES = 6;
const ARCHIVE_BYTES = 10e6;
const TINY_SITE_BYTES = 150_000;
const FINE_FROM_BYTES = 2.2e6;
const DEEP_FROM_MB = 20;
const DEEP_STIMULI = 132;
const DEEP_SPIKES = 245_000;
/** Bytes of each part of an archive (measured). */
const COST = {
  sound: { coarse: 26_500, fine: 431_000 },
  spike: 6.5,
  play: 320,
  cell: 800,
  row: 2000,
  deep: 5.6e6,
} as const;
const RATE_HZ = { least: 3, most: 13 } as const;
const MEAN_RATE_HZ = (RATE_HZ.least + RATE_HZ.most) / 2;

/** Sites that make the real release awkward, at any size. */
const KNOWN: readonly SiteKind[] = [
  { folder: "CLT027c", bins: 2200, areas: ["A1"] },
  { folder: "PRN010b", bins: 2000, areas: [null] },
  {
    folder: "PRN015b",
    session: "PRN015a",
    metaSite: "PRN015b",
    bins: 2000,
    areas: ["PEG"],
  },
  {
    folder: "PRN018b",
    session: "PRN018a",
    archives: ["PRN018a", "PRN018b"],
    bins: 2000,
    areas: ["A1", "A1", "AC"],
  },
  { folder: "SLJ032a", bins: 2200, areas: ["A1", "A1", "HC", "A1"] },
];
/** Further such sites in a larger release. */
const LARGER: readonly SiteKind[] = [
  { folder: "PRN011b", bins: 2000, areas: [null] },
  {
    folder: "PRN017b",
    session: "PRN017a",
    metaSite: "PRN017b",
    bins: 2000,
    areas: ["A1"],
  },
  { folder: "PRN020b", bins: 2000, areas: [null] },
];
const ANIMALS = ["ARM", "CRD", "DRX", "JLY", "LMD", "ROS", "TNC"];

/** Divides megabytes among sites, cells and stimuli. */
export function wingertPlan(seed: number, megabytes: number): WingertPlan {
  const isDeep = megabytes >= DEEP_FROM_MB;
  const bytes = megabytes * 1e6 - (isDeep ? COST.deep : 0);
  const archives = Math.max(ARCHIVES, Math.round(bytes / ARCHIVE_BYTES));
  const kinds = siteKinds(archives - 1);
  const sites = kinds.map((kind, i) =>
    plannedSite(seed, kind, i, bytes / archives)
  );
  if (isDeep) sites.push(deepSite(seed));
  return { seed, megabytes, sites };
}

function siteKinds(count: number): SiteKind[] {
  const room = Math.max(0, count - KNOWN.length);
  const larger = LARGER.slice(0, room);
  const others = Array.from({ length: room - larger.length }, (_, i) => ({
    folder: `${ANIMALS[i % ANIMALS.length]}${String(33 + i).padStart(3, "0")}${
      "abc"[i % 3]
    }`,
    bins: i % 3 === 0 ? 2200 : 2000,
    areas: i % 4 === 3 ? ["PEG"] : i % 9 === 4 ? ["A1", "AC"] : ["A1"],
  }));
  return [...KNOWN, ...larger, ...others];
}

function plannedSite(
  seed: number,
  kind: SiteKind,
  index: number,
  bytes: number,
): PlannedSite {
  const { folder, session = folder, bins } = kind;
  const random = new SyntheticRandom(seed, `site/${session}`);
  const { cells, val, est, ...counts } = affordable(bytes, bins);
  return {
    ...counts,
    archives: kind.archives ?? [folder],
    folder,
    session,
    metaSite: kind.metaSite ?? session,
    bins,
    cells: plannedCells(random, session, kind.areas, cells),
    val: valNames(val, index),
    est: estNames(random, est),
    hasUnplayed: session === "CLT027c",
    isInterrupted: session === "SLJ032a",
    files: index % 2 === 1 ? 2 : 1,
  };
}

/** Counts for a number of bytes: they grow slowly, the rest goes into stimuli. */
function affordable(
  bytes: number,
  bins: number,
): Pick<PlannedSite, "detail" | "repeats"> & {
  readonly cells: number;
  readonly val: number;
  readonly est: number;
} {
  const growth = bytes / TINY_SITE_BYTES;
  const detail = bytes < FINE_FROM_BYTES ? "coarse" : "fine";
  const val = bytes < FINE_FROM_BYTES / 4 ? 2 : 3;
  const cells = Math.round(4 * growth ** 0.38);
  const repeats = Math.min(10, Math.round(3 * growth ** 0.3));
  const playBytes = COST.play +
    cells * (bins / 100 + 1) * MEAN_RATE_HZ * COST.spike;
  const restBytes = bytes - cells * (COST.cell + COST.row) -
    val * (repeats - 1) * playBytes;
  const soundBytes = COST.sound[detail] * bins / 2000;
  const stimuli = Math.round(restBytes / (soundBytes + playBytes));
  return { detail, val, cells, repeats, est: Math.max(2, stimuli - val) };
}

/**
 * Site with more stimuli than fit into one node of a group, and a cell with more
 * spikes than fit into one node of chunks.
 */
function deepSite(seed: number): PlannedSite {
  const session = "ARM031a";
  const random = new SyntheticRandom(seed, `site/${session}`);
  const bins = 2000;
  const seconds = (DEEP_STIMULI + 2 * 9) * (bins / 100 + 0.5);
  const cells = plannedCells(random, session, ["A1"], 4);
  return {
    archives: [session],
    folder: session,
    session,
    metaSite: session,
    bins,
    detail: "coarse",
    cells: cells.map((cell, i) =>
      i === 0 ? { ...cell, rateHz: DEEP_SPIKES / seconds } : cell
    ),
    val: valNames(2, 0),
    repeats: 10,
    est: estNames(random, DEEP_STIMULI - 2),
    hasUnplayed: false,
    isInterrupted: false,
    files: 2,
  };
}

function plannedCells(
  random: SyntheticRandom,
  session: string,
  areas: SiteKind["areas"],
  count: number,
): PlannedCell[] {
  const electrodes = Array.from({ length: 2 * count }, (_, i) => 3 + 7 * i);
  const cells = random.sample(electrodes, count).map((electrode, i) => {
    const isTwoProbes = session === "SLJ032a";
    const probe = isTwoProbes ? (i % 2 === 0 ? "A" : "B") : undefined;
    const unit = String(electrode).padStart(3, "0") + `-${1 + i % 4 % 3}`;
    return {
      id: [session, probe, unit].filter(Boolean).join("-"),
      siteId: probe === "B" ? `${session}-B` : session,
      area: probe === "B" ? "PEG" : areas[i % areas.length] ?? null,
      rateHz: short(random.uniform(RATE_HZ.least, RATE_HZ.most)),
      isListed: true,
    };
  });
  return cells.map((cell, i) => ({
    ...cell,
    rateHz: session === "SLJ032a" && i === 3 ? 0 : cell.rateHz,
    isListed: !(session === "PRN018a" && i === 1),
  }));
}

function valNames(count: number, index: number): string[] {
  const last = index % 2 === 1 ? "STIM_00seq5_hand.wav" : "STIM_00seq3.wav";
  return ["STIM_00seq1.wav", "STIM_00seq2.wav", last].slice(0, count);
}

function estNames(random: SyntheticRandom, count: number): string[] {
  const numbers = Array.from({ length: 1300 }, (_, i) => i + 1);
  return random.sample(numbers, count)
    .map((number) => `STIM_seq${String(number).padStart(4, "0")}.wav`);
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
