import { succeeds } from "../support/succeeds.ts";

/** Array as Python describes it. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly sha256: string;
}

/** Time series as pynwb reads it. */
export interface StoredSeries extends StoredArray {
  readonly type: string;
  readonly unit: string;
  readonly conversion: number;
  readonly rate: number;
  readonly start: number;
  readonly stimulus?: string;
  readonly location?: string;
}

/** Table as pynwb reads it: its columns. */
export type StoredTable = Readonly<Record<string, readonly unknown[]>>;

/** NWB file as pynwb reads it. */
export interface StoredFile {
  /** Messages of pynwb's validator. */
  readonly errors: readonly string[];
  /** Messages of nwbinspector above suggestions. */
  readonly faults: readonly string[];
  /** Every dataset of numbers, by path, as h5py reads it. */
  readonly arrays: Readonly<Record<string, StoredArray>>;
  readonly session: string;
  readonly start: string;
  readonly lab: string | null;
  readonly species: string | null;
  readonly subject: string;
  readonly acquisition: Readonly<Record<string, StoredSeries>>;
  readonly stimulus: Readonly<Record<string, StoredSeries>>;
  readonly processing: Readonly<
    Record<string, Readonly<Record<string, StoredSeries | StoredTable>>>
  >;
  readonly intervals: Readonly<Record<string, StoredTable>>;
  /** Rows of the table of intracellular recordings. */
  readonly sweeps: StoredTable | null;
  readonly units: StoredTable | null;
}

/** Path of a Python with pynwb and nwbinspector, if given. */
const nwbPython = Deno.env.get("NWB_PYTHON") ?? "";

/** Whether such a Python is given; a path to none is a mistake. */
export const hasNwbPython = nwbPython !== "";

if (hasNwbPython) {
  if (!await succeeds(nwbPython, ["-c", "import pynwb, nwbinspector"])) {
    throw new Error(
      `NWB_PYTHON is ${nwbPython}, expected a Python with pynwb and nwbinspector`,
    );
  }
} else {
  console.log(
    "No NWB_PYTHON: NWB files are not validated. Set it to a Python with pynwb " +
      "4.2.0 and nwbinspector 0.7.2.",
  );
}

/** Reads all NWB files of folders, by path. */
export async function readNwb(
  ...folders: string[]
): Promise<Record<string, StoredFile>> {
  return JSON.parse(await run("_check_nwb.py", ...folders));
}

/** Writes the variants of `make_variants.py`, with what Python reads in them. */
export async function makeVariants(folder: string): Promise<void> {
  await run("make_variants.py", folder);
}

/** Writes a file of 50 MB as pynwb does. */
export async function makeLargeNwb(path: string): Promise<void> {
  await run("make_variants.py", "--large", path);
}

/** Runs a script of this folder; returns what it prints. */
async function run(script: string, ...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(nwbPython, {
    args: ["-B", new URL(script, import.meta.url).pathname, ...args],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${script} fails`);
  return new TextDecoder().decode(stdout);
}
