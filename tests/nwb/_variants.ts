import { fromFileUrl } from "@std/path";

const FIXTURES = new URL("../fixtures/nwb/", import.meta.url);

/** Array as `make_variants.py` describes it: its numbers, or their checksum. */
export interface ExpectedArray {
  /** Length of each axis; null of a dataset without values. */
  readonly shape: readonly number[] | null;
  readonly values?: readonly unknown[];
  readonly sha256?: string;
}

/** Object of a file as h5py reads it. */
export interface ExpectedObject extends Partial<ExpectedArray> {
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Name of the type; a group has none. */
  readonly type?: string;
  readonly chunks?: readonly number[];
  readonly filters?: readonly number[];
  /** Columns of a compound type. */
  readonly fields?: Readonly<Record<string, readonly unknown[]>>;
  readonly soft?: string;
  readonly external?: readonly string[];
  /** Path by which the same object came earlier. */
  readonly same?: string;
  readonly externalFiles?: readonly string[];
  readonly undecodable?: boolean;
}

/** Repeat of a series that an interval cuts out. */
export interface ExpectedTrace {
  readonly length: number;
  readonly sum: number | string;
  readonly every16th: readonly (number | string)[];
}

/** Presentations that a reader makes of a file. */
export interface ExpectedSession {
  readonly options: {
    readonly intervals: string;
    /** Column of the stimulus; none of sweeps. */
    readonly column?: string;
    readonly dtMs?: number;
    readonly traces?: string;
  };
  readonly rateHz?: number | null;
  readonly presentations: readonly {
    readonly stimulus: string | number;
    readonly repeats: number;
    readonly waveform?: ExpectedArray;
    readonly responses:
      readonly (readonly (number[] | ExpectedTrace)[] | null)[];
  }[];
}

/** File that pynwb wrote, and what Python reads in it. */
export interface Variant {
  readonly name: string;
  readonly path: string;
  readonly hdf5: Readonly<Record<string, ExpectedObject>>;
  /** Series and tables; none of a file that pynwb refuses. */
  readonly nwb?: Readonly<Record<string, unknown>>;
  readonly sessions: readonly ExpectedSession[];
}

/** All variants, by name. */
export const VARIANTS: readonly Variant[] = [...Deno.readDirSync(FIXTURES)]
  .filter(({ name }) => name.endsWith(".json"))
  .map(({ name: file }) => {
    const name = file.replace(/\.json$/, "");
    const expected = Deno.readTextFileSync(new URL(file, FIXTURES));
    const path = fromFileUrl(new URL(`${name}.nwb`, FIXTURES));
    return { name, path, ...JSON.parse(expected) };
  })
  .sort((a, b) => a.name.localeCompare(b.name));
