import type { Session } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import type { Archive } from "../../src/archive/archive.ts";
import type { Limits } from "../../src/base/limits.ts";
import { asariSessions } from "../../src/sources/crcns_ac1/_asari_sessions.ts";
import type { Ac1Context } from "../../src/sources/crcns_ac1/_context.ts";
import { wehrSessions } from "../../src/sources/crcns_ac1/_wehr_sessions.ts";
import { SessionCache } from "../../src/sources/shared/session_cache.ts";
import { SourceWarnings } from "../../src/sources/shared/warnings.ts";
import { readCellList } from "../../src/sources/wingert2026/_cell_list.ts";
import { mapSessions } from "../../src/sources/wingert2026/_session_map.ts";
import { wingertSession } from "../../src/sources/wingert2026/session.ts";
import {
  type MatFieldsInput,
  type MatInput,
  writeMat,
} from "../../src/synthetic/mat/mat_writer.ts";
import { Hdf5Writer } from "../../src/synthetic/wingert/hdf5_writer.ts";
import { memoryArchive } from "./memory_archive.ts";

/** Values of the files of a small release, by path: what a writer is given. */
export interface ReleaseModel {
  readonly [path: string]: FileModel;
}

/** Values of a file: MAT variables, HDF5 datasets, JSON, or the rows of a CSV. */
export type FileModel =
  | { readonly mat: MatFieldsInput }
  | { readonly hdf5: readonly DatasetModel[] }
  | { readonly json: Readonly<Record<string, unknown>> }
  | { readonly csv: readonly (readonly (string | number)[])[] };

/** A dataset `[n]` or `[32, n]`. */
export interface DatasetModel {
  readonly name: string;
  readonly data: Float64Array;
  readonly rows: number | null;
}

/** Well-formed files of these values. */
export function filesOf(model: ReleaseModel): ReleaseFiles {
  return Object.fromEntries(
    Object.entries(model).map(([path, file]) => [path, bytesOf(file, path)]),
  );
}

function bytesOf(file: FileModel, path: string): Uint8Array {
  if ("mat" in file) {
    // Some files are compressed, as in the release.
    return writeMat(file.mat, {
      version: path.endsWith("2.mat") ? "v7" : "v6",
    });
  }
  if ("hdf5" in file) {
    const writer = new Hdf5Writer();
    for (const { name, data, rows } of file.hdf5) {
      const shape = rows === null ? [data.length] : [rows, data.length / rows];
      // The writer's heap of names is short.
      writer.add(String(name).slice(0, 200), data, shape);
    }
    return writer.finish();
  }
  const text = "json" in file ? JSON.stringify(file.json) : csvOf(file.csv);
  return new TextEncoder().encode(text);
}

function csvOf(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(fieldOf).join(",")}\n`).join("");
}

function fieldOf(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A vector as MATLAB stores it. */
export function vector(
  data: Int16Array | Float64Array,
): { data: Int16Array | Float64Array; dims: number[] } {
  return { data, dims: [data.length, 1] };
}

/** A trigger of both halves of CRCNS AC1. */
export function triggerOf(
  description: string,
  { type = "naturalsound", time = 3, duration = 40 } = {},
): MatFieldsInput {
  return { type, time, param: { description, duration } };
}

const TRACE = Int16Array.from({ length: 400 }, (_, i) => i * 37 % 500 - 250);
const SOUND = Float64Array.from(
  { length: 1500 },
  (_, i) => Math.sin(i / 7 + (i / 900) ** 2),
);

/** One Wehr session of two trials, and their stimulus. */
export const WEHR_MODEL: ReleaseModel = {
  "wehr/Results/20020508-mw-003/1.mat": trialModel(1),
  "wehr/Results/20020508-mw-003/2.mat": trialModel(30),
  "wehr/Stimuli/fragments/1.mat": {
    mat: {
      stimulus: {
        samples: vector(SOUND),
        param: { description: "tick", sf: 97_656.25 },
      },
    },
  },
};

function trialModel(time: number): FileModel {
  return {
    mat: {
      triggers: triggerOf("tick", { time }),
      response: { trace: vector(TRACE), scale: 0.01, sf: 4000 },
    },
  };
}

/** One Asari session of two sequences, and another one without any. */
export const ASARI_MODEL: ReleaseModel = {
  "asari-results-1/20050310-ha1-001/1.mat": {
    mat: {
      triggers: structs([
        triggerOf("Sequence 1: 1 2 1"),
        triggerOf("Sequence 2: 2 2", { time: 100 }),
        triggerOf("Sequence 1: 1 2 1", { time: 150 }),
      ]),
      param: {
        stimulus: structs([{ file: "class1/1.mat" }, {
          file: "/class1/2.mat",
        }]),
        recording: { site: "Auditory Cortex", type: "Whole cell" },
      },
      response: { trace: vector(TRACE), scale: 0.01, sf: 4000 },
    },
  },
  "asari-results-2/20060101-ha4-010/1.mat": {
    mat: { param: { recording: { site: "MGB", type: "Cell attached" } } },
  },
  "asari/Stimuli/class1/1.mat": segmentModel(900),
  "asari/Stimuli/class1/2.mat": segmentModel(700),
};

function structs(
  all: readonly MatFieldsInput[],
): { structs: readonly MatFieldsInput[]; dims: number[] } {
  return { structs: all, dims: [1, all.length] };
}

/** A segment file of the first samples of a sound. */
export function segmentModel(length: number): FileModel {
  const sample: MatInput = vector(SOUND.slice(0, length));
  return { mat: { stimulus: { sample, param: { sf: 97_656.25 } } } };
}

const CELLS = ["TST001a-001-1", "TST001a-002-1"];
const SPIKES = Float64Array.from({ length: 60 }, (_, i) => i * 0.0171);

/** One Wingert recording, extracted, and its cell list. */
export const WINGERT_MODEL: ReleaseModel = {
  "cell_list.csv": {
    csv: [
      "cellid,siteid,area,layer,depth,narrow,celltype,sw,goodpred".split(","),
      ...CELLS.map((cell) => [
        ...[cell, "TST001a", "A1", "44", 100.5],
        ...["True", "RS", 0.25, "False"],
      ]),
    ],
  },
  "TST001a/P.resp.h5": {
    hdf5: CELLS.map((name) => ({ name, data: SPIKES, rows: null })),
  },
  "TST001a/P.resp.json": {
    json: {
      chans: CELLS,
      fs: 100,
      signal_type: "<class 'nems0.signal.PointProcess'>",
    },
  },
  "TST001a/P.resp.epoch.csv": {
    csv: [
      ["name", "start", "end"],
      ["STIM_00a.wav", 0.1, 0.4],
      ["STIM_b.wav", 0.5, 0.9],
      ["STIM_00a.wav", 0.6, 0.95],
    ],
  },
  "TST001a/P.stim.h5": {
    hdf5: ["STIM_00a.wav", "STIM_b.wav"].map((name) => ({
      name,
      data: Float64Array.from({ length: 32 * 30 }, (_, i) => i % 17 / 10),
      rows: 32,
    })),
  },
  "TST001a/P.stim.json": { json: { signal_type: "nems.TiledSignal" } },
};

function ac1Context(archive: Archive): Ac1Context {
  return {
    archive,
    warnings: new SourceWarnings(() => {}),
    cache: new SessionCache(2 ** 27),
    source: { module: "", name: "", args: [] },
    indexFolder: undefined,
  };
}

/** Files of a release, by path. */
export type ReleaseFiles = Readonly<Record<string, Uint8Array>>;

/** Sessions of the Wehr half in memory. */
export function wehrIn(
  files: ReleaseFiles,
  limits?: Partial<Limits>,
): Session[] {
  return wehrSessions(ac1Context(memoryArchive(files, limits)));
}

/** Sessions of the Asari half in memory. */
export async function asariIn(
  files: ReleaseFiles,
  limits?: Partial<Limits>,
): Promise<Session[]> {
  const context = ac1Context(memoryArchive(files, limits));
  const sessions = asariSessions(context, ["A1", "MGB"], {});
  return await lastValueFrom(sessions.pipe(toArray()));
}

/** Sessions of the Wingert recordings in memory, with all cells of the list. */
export async function wingertIn(
  { "cell_list.csv": list, ...recording }: ReleaseFiles,
  limits?: Partial<Limits>,
): Promise<Session[]> {
  const archive = memoryArchive(recording, limits);
  const stored = { name: "TST001a", path: "TST001a", isTarball: false };
  const release = {
    archive,
    recordings: [{ ...stored, stamp: null }],
    path: archive.name,
  };
  const warnings = new SourceWarnings(() => {});
  const stream = new Blob([(list as Uint8Array).slice()]).stream();
  const cells = (await Array.fromAsync(
    readCellList(stream, { archive: "cell_list.csv" }, archive.limits),
  )).map((row) => ({ ...row }));
  const recordings = await mapSessions(release, { warnings });
  return [...recordings].map(([id, { stored, channels }]) =>
    wingertSession({
      ...{ id, stored, channels, cells, subset: "all" },
      cellNumbers: cells.map((_, number) => number),
    }, { release, warnings, cache: new SessionCache(2 ** 27) })
  );
}

/** Reads all of a session: stimuli and responses. */
export async function readAll(sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) {
    for (const { stimulus, read } of await session.presentations()) {
      await stimulus.read();
      await read();
    }
  }
}
