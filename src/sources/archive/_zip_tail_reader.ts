import { Reader } from "@zip-js/zip-js";
import { ArchiveError, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { limitText } from "../_checked_limits.ts";
import type { Limits } from "../limits.ts";
import type { ByteSource } from "./_byte_source.ts";

/** A sound zip takes five: more are made by a directory that misleads. */
const MAX_READS = 256;

/**
 * What zip.js reads a directory through. It keeps the first block read, the
 * end of the file: a small zip takes one read of the source, any other two.
 */
export class TailReader extends Reader<ByteSource> {
  /** Byte of the latest read, where a fault was found. */
  lastOffset = 0;
  /** Whether something was to be read beyond the end of the file. */
  isCutShort = false;
  #source: ByteSource;
  #limits: Limits;
  #options: ReadOptions;
  #tail?: { readonly offset: number; readonly bytes: Uint8Array };
  #reads = 0;

  constructor(source: ByteSource, limits: Limits, options: ReadOptions) {
    super(source);
    this.#source = source;
    this.#limits = limits;
    this.#options = options;
    this.size = source.size;
  }

  override async readUint8Array(
    offset: number,
    claimed: number,
  ): Promise<Uint8Array> {
    this.lastOffset = offset;
    if (offset + claimed > this.size) this.isCutShort = true;
    const length = Math.max(0, Math.min(claimed, this.size - offset));
    const kept = this.#kept(offset, length);
    if (kept !== undefined) return kept;
    this.#reads++;
    const place = { archive: this.#source.name, offset };
    if (length > this.#limits.directoryBytes) {
      throw new LimitError(
        `Cannot open zip: its directory claims ${length} bytes: ` +
          limitText(this.#limits, "directoryBytes"),
        place,
      );
    }
    if (this.#reads > MAX_READS) {
      throw new ArchiveError(
        `Cannot open zip: its directory is not found in ${MAX_READS} reads`,
        place,
      );
    }
    // zip.js looks at four bytes of a directory, then reads all of it.
    const options = { ...this.#options, reach: this.#tail?.offset };
    const bytes = await this.#source.read(offset, length, options);
    this.#tail ??= { offset, bytes };
    return bytes;
  }

  #kept(offset: number, length: number): Uint8Array | undefined {
    if (this.#tail === undefined) return undefined;
    const start = offset - this.#tail.offset;
    const end = start + length;
    if (start < 0 || end > this.#tail.bytes.length) return undefined;
    return this.#tail.bytes.slice(start, end);
  }
}
