import type { Archive } from "../../archive/archive.ts";
import {
  type IndexPlace,
  isObject,
  readIndexFile,
  removeIndexFile,
  writeIndexFile,
} from "../shared/index_file.ts";

/** Description of each stimulus file by its path; null for a file without one. */
export type Descriptions = ReadonlyMap<string, string | null>;

/** Raised with the layout of the file. */
const VERSION = 1;

/** Stimuli of fewer bytes are described in a tenth of a second. */
const LEAST_BYTES = 16e6;

interface IndexFile {
  readonly version: number;
  /** {@linkcode Archive.stamp} of the release. */
  readonly stamp: string;
  readonly descriptions: Readonly<Record<string, string | null>>;
}

/** Keeps the descriptions of a release's stimuli for later runs. */
export class StimulusIndex {
  readonly #archive: Archive;
  readonly #place: IndexPlace | null;

  /**
   * @param folder Folder of the index; by default the data set's folder, if the
   * stimuli are large enough to be worth it.
   * @param bytes Bytes of the stimulus files.
   */
  constructor(archive: Archive, folder: string | undefined, bytes: number) {
    this.#archive = archive;
    const release = archive.name;
    this.#place = folder === undefined && bytes < LEAST_BYTES
      ? null
      : { of: "stimulus", dataset: "crcns-ac1", release, folder };
  }

  /**
   * Reads the descriptions that an earlier run stored. A file that is damaged, of
   * another release or out of reach counts as empty.
   */
  async read(): Promise<Descriptions> {
    const index = this.#place && await readIndexFile(this.#place);
    return isIndexFile(index) && index.stamp === this.#archive.stamp
      ? new Map(Object.entries(index.descriptions))
      : new Map();
  }

  /** @throws {DataError} As {@linkcode writeIndexFile} says. */
  async write(descriptions: Descriptions): Promise<void> {
    if (this.#place === null) return;
    const index: IndexFile = {
      version: VERSION,
      stamp: this.#archive.stamp,
      descriptions: Object.fromEntries(descriptions),
    };
    await writeIndexFile(this.#place, index);
  }

  /** Removes the index, which turned out to be out of date. */
  async remove(): Promise<void> {
    if (this.#place) await removeIndexFile(this.#place);
  }
}

function isIndexFile(value: unknown): value is IndexFile {
  return isObject<IndexFile>(value) && value.version === VERSION &&
    typeof value.stamp === "string" && isObject(value.descriptions) &&
    Object.values(value.descriptions).every((description) =>
      description === null || typeof description === "string"
    );
}
