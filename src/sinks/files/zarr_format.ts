import {
  type AbsolutePath,
  type AsyncMutable,
  create,
  type Location,
  root,
  set,
} from "zarrita";
import {
  isFile,
  list,
  makeFolder,
  readBytes,
  remove,
  writeBytes,
} from "../../platform/files.ts";
import { AppendFile } from "./append_file.ts";
import { type ArrayRecord, type Ending, storedShape } from "./array_record.ts";
import { fileLines } from "./file_lines.ts";
import type {
  FileFormat,
  FileSizes,
  FormatWriter,
  Spill,
} from "./file_format.ts";

/** Maximal number of values in a chunk: 4 MiB. Longer arrays are cut along time. */
const CHUNK_VALUES = 1 << 20;
const STIMULI: Spill = ".stimuli";
const RESPONSES: Spill = ".responses";
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
/** Start of a line in these files: the path of the entry. */
const ENTRY = /^,?"([^"]*)"/;

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
  async open(part, sizes): Promise<FormatWriter> {
    const [stimuli, responses] = await AppendFile.openAll({
      [part + STIMULI]: sizes?.stimuli,
      [part + RESPONSES]: sizes?.responses,
    });
    const bytes = sizes?.bytes ?? 0;
    using opened = new DisposableStack();
    const store = opened.use(
      new IndexedStore(part, stimuli, responses, bytes),
    );
    if (sizes === undefined) {
      await create(root(store).resolve("stimuli"), {});
      await create(root(store).resolve("responses"), {});
    } else {
      await removeUnlisted(part, "stimuli", STIMULI);
      await removeUnlisted(part, "responses", RESPONSES);
    }
    opened.move();
    return new ZarrWriter(store, part);
  },
};

class ZarrWriter implements FormatWriter {
  readonly #store: IndexedStore;
  readonly #top: Location<IndexedStore>;
  readonly #folder: string;

  constructor(store: IndexedStore, folder: string) {
    this.#store = store;
    this.#top = root(store);
    this.#folder = folder;
  }

  async write(records: Iterable<ArrayRecord>): Promise<void> {
    for (const record of records) await this.#writeArray(record);
  }

  sizes(): Promise<FileSizes> {
    return this.#store.sizes();
  }

  async finish({ rest }: Ending): Promise<number> {
    using whole = await AppendFile.open(`${this.#folder}/zarr.json`);
    const attributes = JSON.stringify(rest === undefined ? {} : { rest });
    await whole.write(ENCODER.encode(
      `{"zarr_format":3,"node_type":"group","attributes":${attributes},` +
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
      attributes: { ...head },
    });
    if (values.length === 0) return;
    const stride = shape.map((_, axis) =>
      shape.slice(axis + 1).reduce((a, b) => a * b, 1)
    );
    const data = values as Float32Array<ArrayBuffer>;
    await set(array, null, { data, shape, stride });
  }
}

/** Folder that counts bytes and collects the metadata written to it. */
class IndexedStore implements AsyncMutable, Disposable {
  readonly #folder: string;
  // Two files: zarr-python 3.1 requires the arrays of a group to be adjacent.
  readonly #stimuli: AppendFile;
  readonly #responses: AppendFile;
  #bytes: number;

  constructor(
    folder: string,
    stimuli: AppendFile,
    responses: AppendFile,
    bytes: number,
  ) {
    this.#folder = folder;
    this.#stimuli = stimuli;
    this.#responses = responses;
    this.#bytes = bytes;
  }

  /** Number of bytes written. */
  get bytes(): number {
    return this.#bytes;
  }

  async get(key: AbsolutePath): Promise<Uint8Array | undefined> {
    const path = this.#folder + key;
    return await isFile(path) ? await readBytes(path) : undefined;
  }

  async set(key: AbsolutePath, value: Uint8Array): Promise<void> {
    const path = this.#folder + key;
    await makeFolder(path.slice(0, path.lastIndexOf("/")));
    await writeBytes(path, value);
    this.#bytes += value.length;
    if (!key.endsWith("/zarr.json")) return;
    const index = key.startsWith("/stimuli/") ? this.#stimuli : this.#responses;
    const name = JSON.stringify(key.slice(1, -"/zarr.json".length));
    const comma = index.size > 0 ? "," : "";
    const entry = JSON.stringify(JSON.parse(DECODER.decode(value)));
    await index.write(ENCODER.encode(`${comma}${name}:${entry}\n`));
  }

  // Chunks are not synced: they survive this process but not a power failure.
  // Syncing each of them would take many times as long.
  async sizes(): Promise<FileSizes> {
    const [stimuli, responses] = await AppendFile.syncAll(
      this.#stimuli,
      this.#responses,
    );
    return { stimuli, responses, bytes: this.#bytes };
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

/** Removes arrays of the session that was being written when a run ended. */
async function removeUnlisted(
  part: string,
  group: string,
  index: Spill,
): Promise<void> {
  const listed = new Set(["zarr.json"]);
  for await (const { text } of fileLines(part + index)) {
    const [, path] = text.match(ENTRY) ?? [];
    listed.add(path.slice(group.length + 1));
  }
  for await (const { name } of list(`${part}/${group}`)) {
    if (listed.has(name)) continue;
    await remove(`${part}/${group}/${name}`, { recursive: true });
  }
}
