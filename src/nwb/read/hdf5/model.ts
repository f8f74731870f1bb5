import type { ReadOptions } from "../../../base/abort.ts";

/** Numbers as they are stored; int64 and uint64 as float64 where that is exact. */
export type Hdf5Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Reference to an object of the file; `Hdf5File.paths` gives its path. */
export interface Hdf5Reference {
  /** Place of the object in the file; 0 refers to nothing. */
  readonly address: bigint;
}

/** Columns of a compound type, by name. */
export interface Hdf5Columns {
  readonly [member: string]: Hdf5Data;
}

/**
 * Values in C order.
 *
 * - Numbers, and members of an enumeration: a typed array. Float16 is float32.
 * - Booleans: 0 and 1.
 * - Text: strings.
 * - References: paths in what `Hdf5File.read` gives, `""` where a reference is
 *   null or refers to nothing; otherwise {@linkcode Hdf5Reference}.
 * - Compound: an object of columns. Rows of any length: an array of arrays.
 */
export type Hdf5Data =
  | Hdf5Numbers
  | readonly string[]
  | readonly Hdf5Reference[]
  | readonly Hdf5Data[]
  | Hdf5Columns;

/** Value of an attribute: a scalar, or an array in C order; null if it is empty. */
export type Hdf5Attribute =
  | string
  | number
  | bigint
  | boolean
  | null
  | Hdf5Reference
  | Hdf5Data;

/** Attributes by name. */
export type Hdf5Attributes = Readonly<Record<string, Hdf5Attribute>>;

/** Type of the elements of a dataset. */
export interface Hdf5Type {
  /** `ragged` has rows of any length, `array` rows of one shape. */
  readonly kind:
    | "integer"
    | "float"
    | "boolean"
    | "enumeration"
    | "text"
    | "reference"
    | "region reference"
    | "compound"
    | "array"
    | "ragged"
    | "bit field"
    | "opaque"
    | "time";
  /** Bytes of an element; of text of any length, those of a pointer. */
  readonly bytes: number;
  /** Whether an integer has a sign. */
  readonly isSigned?: boolean;
  /** Members of an enumeration: their values. */
  readonly values?: Readonly<Record<string, number>>;
  /** Members of a compound type. */
  readonly members?: Readonly<Record<string, Hdf5Type>>;
  /** Elements of an array or of ragged rows. */
  readonly of?: Hdf5Type;
  /** Shape of an array. */
  readonly shape?: readonly number[];
}

/** Member of a group. */
export interface Hdf5Member {
  /**
   * Kind of the object that the link leads to. A link that leads to none is
   * `missing`, one that leads to another file `external`: it is never followed.
   */
  readonly kind: "group" | "dataset" | "type" | "missing" | "external";
  /** Path that a soft link gives, or file and path that an external link gives. */
  readonly link?: string;
}

/** Group of an HDF5 file. */
export interface Hdf5Group {
  readonly kind: "group";
  /** Path from the root, such as `/units`. */
  readonly path: string;
  readonly attributes: Hdf5Attributes;
  /** Members by name, in the order of the file. */
  readonly members: ReadonlyMap<string, Hdf5Member>;
}

/** Dataset of an HDF5 file. */
export interface Hdf5Dataset {
  readonly kind: "dataset";
  /** Path from the root, such as `/units/spike_times`. */
  readonly path: string;
  readonly attributes: Hdf5Attributes;
  /** Length of each axis; none of a scalar, `[0]` of a dataset without any. */
  readonly shape: readonly number[];
  readonly type: Hdf5Type;
  /** Shape of a chunk; null if the dataset has none. */
  readonly chunks: readonly number[] | null;
  /** Names of its filters, such as `deflate`, in the order in which they pack. */
  readonly filters: readonly string[];
}

/** Object of an HDF5 file. */
export type Hdf5Object = Hdf5Group | Hdf5Dataset;

/** Values of a dataset, or of some of its rows. */
export interface Hdf5Values {
  /** Length of each axis. */
  readonly shape: readonly number[];
  readonly data: Hdf5Data;
}

/** Options of {@linkcode Hdf5File.tree}. */
export interface TreeOptions extends ReadOptions {
  /**
   * Most objects before the tree is refused.
   *
   * @default the limit `members`
   */
  readonly maxObjects?: number | undefined;
}

/** Read of one object, for {@linkcode Hdf5File.all}. */
export interface Hdf5Ask {
  readonly what: "group" | "dataset" | "read";
  readonly path: string;
  /**
   * Names of the attributes that a description has.
   *
   * @default all
   */
  readonly attributes?: readonly string[] | undefined;
  /** First row to read. */
  readonly start?: number | undefined;
  /** Row after the last one to read. */
  readonly stop?: number | undefined;
}

/** Options of {@linkcode Hdf5File.read}. */
export interface RowOptions extends ReadOptions {
  /**
   * First row.
   *
   * @default {0}
   */
  readonly start?: number | undefined;
  /**
   * Row after the last one, at most the length.
   *
   * @default the length of the first axis
   */
  readonly stop?: number | undefined;
}

/**
 * HDF5 file whose library runs in a worker of its own, which starts with a read
 * and ends when nothing is read for 2 s, or for 30 s of an address.
 *
 * Reads wait for one another. One that is aborted ends the worker, and so does one
 * that fails; the next read starts another. Each throws:
 *
 * - `FormatError` if the file is damaged, or has no such object;
 * - `UnsupportedError` if it holds a kind of data that is not decoded, or refers
 *   to another file;
 * - `LimitError` if it claims more than a limit allows;
 * - `ArchiveError` if the file has changed since it was opened;
 * - `DownloadError`, or another error of the server, if its bytes cannot be had.
 */
export interface Hdf5File extends AsyncDisposable {
  /** Path or address, as errors name it. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /**
   * Length and time of the last change or ETag, which a changed file does not
   * share; null if the server sends neither.
   */
  readonly stamp: string | null;
  /** Names of the members of a group: reads none of the members. */
  names(path: string, options?: ReadOptions): Promise<readonly string[]>;
  /** Describes a group and reads the kinds of its members. */
  group(path: string, options?: ReadOptions): Promise<Hdf5Group>;
  /** Describes a dataset. */
  dataset(path: string, options?: ReadOptions): Promise<Hdf5Dataset>;
  /**
   * Describes an object and all below it, each once, groups before their members.
   * Soft and external links are not followed.
   */
  tree(path: string, options?: TreeOptions): Promise<readonly Hdf5Object[]>;
  /** Reads a dataset, or rows of it with all other axes whole. */
  read(path: string, options?: RowOptions): Promise<Hdf5Values>;
  /**
   * Describes and reads several objects in the time of one message to the worker,
   * in order; null for each that is not there. The first failure ends it.
   */
  all(
    asks: readonly Hdf5Ask[],
    options?: ReadOptions,
  ): Promise<readonly (Hdf5Object | Hdf5Values | null)[]>;
  /**
   * Paths of referenced objects; `""` where a reference is null, or nothing in
   * the file is what it refers to.
   */
  paths(
    references: readonly Hdf5Reference[],
    options?: ReadOptions,
  ): Promise<readonly string[]>;
}
