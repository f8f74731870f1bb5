import {
  type AbsolutePath,
  type AsyncMutable,
  create,
  type Location,
  root,
  set,
} from "zarrita";
import { AppendFile } from "./append_file.ts";
import { type ArrayRecord, type Ending, storedShape } from "./array_record.ts";
import type {
  FileFormat,
  FormatWriter,
  Spill,
  WriteMark,
} from "./file_format.ts";
import { NewFiles } from "./new_files.ts";
import { ROOT_START } from "./zarr_folder.ts";

/** Maximal number of values in a chunk: 4 MiB. Longer arrays are cut along time. */
const CHUNK_VALUES = 1 << 20;
const STIMULI: Spill = ".stimuli";
const RESPONSES: Spill = ".responses";
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** Codecs of every array. */
export const LITTLE_ENDIAN = [
  { name: "bytes", configuration: { endian: "little" } },
];

/**
 * Zarr v3 folder with the head of each array as its attributes. Two temporary
 * files collect the metadata of all arrays for the consolidated metadata of the
 * root, which is written last and makes the folder a Zarr group.
 */
export const zarrFormat: FileFormat = {
  name: "Zarr",
  kind: "Zarr",
  async open(part, marks): Promise<FormatWriter> {
    const last = marks.at(-1);
    const { stimuli, responses } = await AppendFile.openAll({
      stimuli: part + STIMULI,
      responses: part + RESPONSES,
    }, last?.files);
    using opened = new DisposableStack();
    opened.use(stimuli);
    opened.use(responses);
    const listed = marks.flatMap(({ added = [] }) => added);
    const files = await NewFiles.open(part, listed);
    const store = new IndexedStore(files, stimuli, responses);
    if (last === undefined) {
      await create(root(store).resolve("stimuli"), {});
      await create(root(store).resolve("responses"), {});
    }
    opened.move();
    return new ZarrWriter(store, part, last?.members ?? 0);
  },
};

class ZarrWriter implements FormatWriter {
  readonly #store: IndexedStore;
  readonly #top: Location<IndexedStore>;
  readonly #folder: string;
  #arrays: number;

  constructor(store: IndexedStore, folder: string, arrays: number) {
    this.#store = store;
    this.#top = root(store);
    this.#folder = folder;
    this.#arrays = arrays;
  }

  get pending(): Promise<unknown> | undefined {
    return this.#store.pending;
  }

  async write(records: Iterable<ArrayRecord>): Promise<void> {
    for (const record of records) await this.#writeArray(record);
  }

  async mark(): Promise<WriteMark> {
    return { ...await this.#store.mark(), members: this.#arrays };
  }

  async finish({ rest }: Ending): Promise<number> {
    using whole = await AppendFile.open(`${this.#folder}/zarr.json`);
    const attributes = JSON.stringify(rest === undefined ? {} : { rest });
    await whole.write(ENCODER.encode(
      `${ROOT_START}${attributes.slice(1)},` +
        '"consolidated_metadata":{"kind":"inline","must_understand":false,' +
        '"metadata":{',
    ));
    await this.#store.copyIndex(whole);
    await whole.write(ENCODER.encode("}}}"));
    await whole.sync();
    return this.#store.bytes + whole.size;
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]();
  }

  async #writeArray({ head, values }: ArrayRecord): Promise<void> {
    const shape = [...storedShape(head)];
    const array = await create(this.#top.resolve(head.name), {
      shape,
      chunkShape: chunkShape(shape),
      dtype: "float32",
      codecs: LITTLE_ENDIAN,
      fillValue: 0,
      // Zarr keeps no order: readDataset needs the one in which sessions came.
      attributes: { ...head, order: this.#arrays++ },
    });
    if (values.length === 0) return;
    const stride = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((a, b) => a * b, 1)
    );
    const data = values as Float32Array<ArrayBuffer>;
    await set(array, null, { data, shape, stride });
  }
}

/** Folder of new files that collects the metadata among them. */
class IndexedStore implements AsyncMutable, Disposable {
  readonly #files: NewFiles;
  // Two files: zarr-python 3.1 requires the arrays of a group to be adjacent.
  readonly #stimuli: AppendFile;
  readonly #responses: AppendFile;

  constructor(files: NewFiles, stimuli: AppendFile, responses: AppendFile) {
    this.#files = files;
    this.#stimuli = stimuli;
    this.#responses = responses;
  }

  /** Files that the disk takes in; undefined if there are none. */
  get pending(): Promise<unknown> | undefined {
    return this.#files.pending;
  }

  /** Number of bytes written. */
  get bytes(): number {
    return this.#files.bytes;
  }

  /** Every key is written once: none is there. */
  get(_key: AbsolutePath): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async set(key: AbsolutePath, value: Uint8Array): Promise<void> {
    await this.#files.write(key, value);
    if (!key.endsWith("/zarr.json")) return;
    const index = key.startsWith("/stimuli/") ? this.#stimuli : this.#responses;
    const name = JSON.stringify(key.slice(1, -"/zarr.json".length));
    const comma = index.size > 0 ? "," : "";
    const entry = JSON.stringify(JSON.parse(DECODER.decode(value)));
    await index.write(ENCODER.encode(`${comma}${name}:${entry}\n`));
  }

  async mark(): Promise<WriteMark> {
    const files = await AppendFile.syncAll({
      stimuli: this.#stimuli,
      responses: this.#responses,
    });
    return { files, added: await this.#files.takeAdded() };
  }

  /** Appends all collected metadata to a file; neither group is empty. */
  async copyIndex(to: AppendFile): Promise<void> {
    await to.append(this.#stimuli);
    await to.write(ENCODER.encode(","));
    await to.append(this.#responses);
  }

  [Symbol.dispose](): void {
    this.#stimuli[Symbol.dispose]();
    this.#responses[Symbol.dispose]();
  }
}

/** Chunk shape of an array: only the last axis is cut. */
export function chunkShape(shape: readonly number[]): number[] {
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const most = Math.max(1, Math.floor(CHUNK_VALUES / Math.max(1, rows)));
  return shape.map((length, axis) =>
    Math.max(1, axis === shape.length - 1 ? Math.min(length, most) : length)
  );
}
