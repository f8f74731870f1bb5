import * as h5wasm from "h5wasm";
import type { OpenFile } from "../platform/files.ts";
import { FileNode, type FileSystem } from "./read/hdf5/file_node.ts";

/** Values of a dataset or an attribute. */
export type Hdf5Values =
  | Int16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Attribute: text, a number (float64), or a reference to an object. */
export type Hdf5Attribute =
  | string
  | number
  | readonly string[]
  | h5wasm.Reference;

/** Attributes by name. */
export type Hdf5Attributes = Readonly<Record<string, Hdf5Attribute>>;

/** Layout of a dataset. */
export interface Hdf5Layout {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Whether the first axis can grow. */
  readonly grows?: boolean;
}

/** Reference to a range of a time series, as NWB stores them. */
export interface SeriesReference {
  /**
   * First sample; -1, as the count, where there are none.
   *
   * @default {0}
   */
  readonly start?: number;
  readonly count: number;
  readonly series: h5wasm.Reference;
}

/** Largest chunk in values. */
const CHUNK = 1 << 16;
let loading: Promise<FileSystem> | undefined;

/** The library, which refuses what it cannot do with an error. */
function library(): Promise<FileSystem> {
  return loading ??= h5wasm.ready.then((module) => {
    module.activate_throwing_error_handler();
    return module.FS as unknown as FileSystem;
  });
}

/**
 * HDF5 file that is written straight to an open file: nothing of it stays in
 * memory but the chunks under way.
 */
export class Hdf5File implements Disposable {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #h5: h5wasm.File;
  readonly #isCompressed: boolean;
  readonly #node: FileNode;
  #isOpen = true;

  private constructor(fs: FileSystem, file: OpenFile, isCompressed: boolean) {
    this.#fs = fs;
    this.#isCompressed = isCompressed;
    this.#path = `/${crypto.randomUUID()}.h5`;
    this.#node = new FileNode(fs, this.#path, file);
    try {
      this.#h5 = this.#do(() => new h5wasm.File(this.#path, "w"));
    } catch (error) {
      fs.unlink(this.#path);
      throw error;
    }
  }

  /** Starts a file in an empty open file, which the caller closes. */
  static async create(
    file: OpenFile,
    isCompressed: boolean,
  ): Promise<Hdf5File> {
    return new Hdf5File(await library(), file, isCompressed);
  }

  /** Makes a group. */
  group(path: string, attributes: Hdf5Attributes = {}): void {
    const [parent, name] = split(path);
    this.#do(() => this.#groupAt(parent).create_group(name));
    this.attributes(path, attributes);
  }

  /** Makes a dataset of numbers. */
  numbers(
    path: string,
    values: Hdf5Values,
    attributes: Hdf5Attributes = {},
    { shape, grows = false }: Hdf5Layout = { shape: [values.length] },
  ): void {
    const isChunked = grows || (this.#isCompressed && values.length > 0);
    this.#dataset(path, attributes, {
      data: values,
      shape: [...shape],
      ...(isChunked && { chunks: chunksOf(shape, grows) }),
      ...(grows && { maxshape: [null, ...shape.slice(1)] }),
      ...(isChunked && this.#isCompressed && { compression: "gzip" }),
    });
  }

  /** Makes a dataset of one number, or of one text. */
  scalar(
    path: string,
    value: number | string,
    attributes: Hdf5Attributes = {},
  ): void {
    this.#dataset(path, attributes, {
      data: typeof value === "string" ? value : Float64Array.of(value),
      shape: [],
      ...(typeof value === "string" && { dtype: "S" }),
    });
  }

  /** Makes a dataset of texts `[n]`. */
  texts(
    path: string,
    values: readonly string[],
    attributes: Hdf5Attributes = {},
  ): void {
    this.#dataset(path, attributes, {
      data: [...values],
      shape: [values.length],
      dtype: "S",
    });
  }

  /** Makes a dataset of references to objects `[n]`. */
  references(
    path: string,
    targets: readonly string[],
    attributes: Hdf5Attributes,
  ): void {
    const data = targets.map((target) => this.reference(target));
    this.#dataset(path, attributes, { data, shape: [data.length] });
  }

  /** Makes a dataset of references to ranges of time series `[n]`. */
  seriesReferences(
    path: string,
    references: readonly SeriesReference[],
    attributes: Hdf5Attributes,
  ): void {
    const data = new Map<string, unknown>([
      ["idx_start", Int32Array.from(references, ({ start = 0 }) => start)],
      ["count", Int32Array.from(references, ({ count }) => count)],
      ["timeseries", references.map(({ series }) => series)],
    ]);
    this.#dataset(path, attributes, { data, shape: [references.length] });
  }

  /** Appends rows to a dataset whose first axis can grow. */
  append(path: string, values: Hdf5Values, shape: readonly number[]): void {
    this.#do(() => {
      const dataset = this.#h5.get(path) as h5wasm.Dataset;
      const [rows = 0, ...rest] = dataset.shape ?? [];
      const [more = 0] = shape;
      dataset.resize([rows + more, ...rest]);
      dataset.write_slice([[rows, rows + more]], values);
    });
  }

  /** Makes a link to another object of the file. */
  link(path: string, target: string): void {
    const [parent, name] = split(path);
    this.#do(() => this.#groupAt(parent).create_soft_link(target, name));
  }

  /** Reference to an object, as attributes and columns hold it. */
  reference(path: string): h5wasm.Reference {
    return this.#do(() => this.#groupAt(path).create_reference());
  }

  /** Adds attributes to an object. */
  attributes(path: string, attributes: Hdf5Attributes): void {
    const object = this.#groupAt(path);
    for (const [name, value] of Object.entries(attributes)) {
      this.#do(() => {
        if (typeof value === "number") {
          object.create_attribute(name, Float64Array.of(value), []);
        } else if (typeof value === "string") {
          object.create_attribute(name, value, [], "S");
        } else if (value instanceof h5wasm.Reference) {
          object.create_attribute(name, value, []);
        } else {
          object.create_attribute(name, [...value], [value.length], "S");
        }
      });
    }
  }

  /** Writes all that is left, and closes the HDF5 file. */
  finish(): void {
    this.#do(() => this.#h5.flush());
    this.#do(() => this.#close());
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#node.discard();
    this.#close();
  }

  #close(): void {
    this.#h5.close();
    this.#isOpen = false;
    this.#fs.unlink(this.#path);
  }

  #dataset(
    path: string,
    attributes: Hdf5Attributes,
    content: Omit<Parameters<h5wasm.Group["create_dataset"]>[0], "name">,
  ): void {
    const [parent, name] = split(path);
    this.#do(() => this.#groupAt(parent).create_dataset({ name, ...content }));
    this.attributes(path, attributes);
  }

  /** Objects are named by path: a `Group` serves for datasets, too. */
  #groupAt(path: string): h5wasm.Group {
    return new h5wasm.Group(this.#h5.file_id, path || "/");
  }

  /** Runs a call of the library; an error of the disk passes in its place. */
  #do<Result>(call: () => Result): Result {
    let result: Result;
    try {
      result = call();
    } catch (error) {
      this.#node.throwIfFailed();
      throw error;
    }
    this.#node.throwIfFailed();
    return result;
  }
}

/** Folder and name of a path such as `acquisition/trace`. */
function split(path: string): readonly [parent: string, name: string] {
  const slash = path.lastIndexOf("/");
  return [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
}

function chunksOf(shape: readonly number[], grows: boolean): number[] {
  const [length = 0, ...rest] = shape;
  const width = rest.reduce((a, b) => a * b, 1);
  const rows = Math.max(1, Math.floor(CHUNK / Math.max(1, width)));
  return [grows ? rows : Math.min(rows, length), ...rest];
}
