import { SyntheticRandom } from "../shared/random.ts";
import { Hdf5Writer } from "./hdf5_writer.ts";
import type { PlannedCell, PlannedSite } from "./plan.ts";
import {
  type Schedule,
  scheduled,
  type SyntheticWingertPlay,
} from "./schedule.ts";
import { BANDS, syntheticSound } from "./sound.ts";
import { spikeTrain } from "./spikes.ts";
import { drawStrf, drivenRate, type SyntheticWingertStrf } from "./strf.ts";
import { syntheticTgz, type TarFile } from "./tgz.ts";

/** Ground truth of a synthetic cell. */
export interface SyntheticWingertCell {
  /** Site in the cell list; a second probe has another one. */
  readonly siteId: string;
  /** Brain area; null where the cell list leaves it empty. */
  readonly area: string | null;
  /** Whether the cell list has the cell. */
  readonly isListed: boolean;
  /** Spikes in the whole recording. */
  readonly spikes: number;
  /** Mean rate. */
  readonly rateHz: number;
  /** Receptive field; the rate is `rateHz * max(0, 1 + sum of weight * stimulus)`. */
  readonly strf: SyntheticWingertStrf;
}

/** Ground truth of a synthetic recording. */
export interface SyntheticWingertSite {
  /** Name of the session: the first part of its cells' ids. */
  readonly session: string;
  /** Archives that hold the recording; readers use the first one. */
  readonly archives: readonly string[];
  /** Folder inside the archive. */
  readonly folder: string;
  /** Bins of 10 ms per stimulus. */
  readonly bins: number;
  /** Stimuli of the recording. */
  readonly stimuli: readonly string[];
  /** Stimuli that were never played. */
  readonly unplayed: readonly string[];
  /** Presentations in order, in s. */
  readonly presentations: readonly SyntheticWingertPlay[];
  /** Cells by id, in the order of the recording. */
  readonly cells: Readonly<Record<string, SyntheticWingertCell>>;
}

/** Packed recording and its ground truth. */
export interface MadeSite {
  readonly tgz: Uint8Array;
  readonly truth: Omit<SyntheticWingertSite, "archives">;
}

const FS = 100;

/** Generates a recording: its stimuli one by one, then the spikes of each cell. */
export function madeSite(seed: number, site: PlannedSite): MadeSite {
  const random = new SyntheticRandom(seed, `recording/${site.session}`);
  const cells = random.sample(site.cells, site.cells.length)
    .map((cell) => new Cell(seed, site, cell));
  const names = [...site.val, ...site.est];
  const stimuli = random.sample(names, names.length);
  const stim = new Hdf5Writer();
  for (const name of stimuli) {
    const sound = syntheticSound(seed, name, site.bins, site.detail);
    stim.add(name, sound, [BANDS, site.bins]);
    for (const cell of cells) cell.hear(name, sound);
  }
  const schedule = scheduleOf(random, site);
  const resp = new Hdf5Writer();
  for (const cell of cells) {
    const spikes = cell.fire(schedule);
    resp.add(cell.id, spikes, [spikes.length]);
  }
  const hdf5 = { resp: resp.finish(), stim: stim.finish() };
  return {
    tgz: syntheticTgz(filesOf(site, cells, schedule, hdf5)),
    truth: truthOf(site, stimuli, schedule, cells),
  };
}

function truthOf(
  { session, folder, bins }: PlannedSite,
  stimuli: readonly string[],
  { played }: Schedule,
  cells: readonly Cell[],
): MadeSite["truth"] {
  const names = new Set(played.map(([name]) => name));
  return {
    session,
    folder,
    bins,
    stimuli: [...stimuli].sort(),
    unplayed: stimuli.filter((name) => !names.has(name)),
    presentations: played,
    cells: Object.fromEntries(cells.map((cell) => [cell.id, cell.truth])),
  };
}

class Cell {
  readonly id: string;
  readonly #plan: PlannedCell;
  readonly #random: SyntheticRandom;
  readonly #strf: SyntheticWingertStrf;
  readonly #rates = new Map<string, Float32Array>();
  #spikes = 0;

  constructor(seed: number, { detail }: PlannedSite, plan: PlannedCell) {
    this.id = plan.id;
    this.#plan = plan;
    this.#random = new SyntheticRandom(seed, `cell/${plan.id}`);
    this.#strf = drawStrf(this.#random, detail);
  }

  hear(name: string, sound: Float64Array): void {
    this.#rates.set(name, drivenRate(this.#strf, sound));
  }

  fire({ played, end }: Schedule): Float64Array {
    const stretches = played.map(([name, start, end]) => ({
      start,
      end,
      rate: this.#rates.get(name) ?? new Float32Array(),
    }));
    const { rateHz } = this.#plan;
    const times = spikeTrain(this.#random, rateHz, stretches, end);
    this.#spikes = times.length;
    return times;
  }

  get truth(): SyntheticWingertCell {
    const { siteId, area, isListed, rateHz } = this.#plan;
    const [spikes, strf] = [this.#spikes, this.#strf];
    return { siteId, area, isListed, spikes, rateHz, strf };
  }
}

function scheduleOf(random: SyntheticRandom, site: PlannedSite): Schedule {
  const est = site.hasUnplayed ? site.est.slice(0, -1) : site.est;
  const plays = [
    ...est,
    ...site.val.flatMap((name) => Array<string>(site.repeats).fill(name)),
  ];
  return scheduled(random, {
    order: random.sample(plays, plays.length),
    durationS: site.bins / FS,
    prefix: site.folder,
    files: site.files,
    isInterrupted: site.isInterrupted,
  });
}

function filesOf(
  site: PlannedSite,
  cells: readonly { readonly id: string }[],
  { csv, end }: Schedule,
  { resp, stim }: { readonly resp: Uint8Array; readonly stim: Uint8Array },
): TarFile[] {
  const encoder = new TextEncoder();
  const text = (value: unknown): Uint8Array =>
    encoder.encode(typeof value === "string" ? value : pythonJson(value));
  const bins = Math.round(FS * end);
  const channels = cells.map(({ id }) => id);
  const files: [string, Uint8Array][] = [
    ["meta.json", text(metaOf(site))],
    ["resp.h5", resp],
    ["resp.json", text(signalOf(site, "resp", channels, bins))],
    ["resp.epoch.csv", text(csv)],
    ["stim.h5", stim],
    ["stim.json", text(signalOf(site, "stim", null, bins))],
    ["stim.epoch.csv", text(csv)],
  ];
  const { folder } = site;
  return files.map(([suffix, bytes]) => ({
    path: `${folder}/${folder}.${suffix}`,
    bytes,
  }));
}

function metaOf({ metaSite, folder, files }: PlannedSite): unknown {
  return {
    rasterfs: FS,
    stimfmt: "gtgram",
    chancount: BANDS,
    pertrial: 0,
    includeprestim: 1,
    runclass: null,
    siteid: metaSite,
    batch: 343,
    files: Array.from(
      { length: files },
      (_, i) => `/data/${folder.slice(0, 6)}/${folder}0${4 + i}_p_BNT.m`,
    ),
  };
}

function signalOf(
  { folder }: PlannedSite,
  name: "resp" | "stim",
  channels: readonly string[] | null,
  bins: number,
): unknown {
  const type = name === "resp" ? "PointProcess" : "TiledSignal";
  return {
    name,
    chans: channels,
    fs: FS,
    meta: null,
    recording: folder,
    segments: [[0, bins]],
    signal_type: `<class 'nems0.signal.${type}'>`,
    normalization: "none",
    norm_baseline: [[0]],
    norm_gain: [[1]],
  };
}

/** Formats JSON with the spaces of Python's `json.dumps`. */
function pythonJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 1).split("\n");
  return lines.map((line) => line.trimStart()).join(" ")
    .replace(/([[{]) | ([\]}])/g, "$1$2");
}
