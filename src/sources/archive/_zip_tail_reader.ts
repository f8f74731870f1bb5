import { ArchiveError, LimitError } from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { limitText } from "../_checked_limits.ts";
import type { Limits } from "../limits.ts";
import type { ByteSource } from "./_byte_source.ts";
import { ZipView } from "./_zip_view.ts";

/** A sound zip takes six: more are made by a directory that misleads. */
const MAX_READS = 256;

/**
 * What a directory is read through. It keeps the first block read, the end of
 * the file: a small zip takes one read of the source, any other two.
 */
export class TailReader {
  /** Length of the file. */
  readonly size: number;
  readonly #source: ByteSource;
  readonly #limits: Limits;
  readonly #options: ReadOptions;
  #tail?: ZipView;
  #reads = 0;

  constructor(source: ByteSource, limits: Limits, options: ReadOptions) {
    this.size = source.size;
    this.#source = source;
    this.#limits = limits;
    this.#options = options;
  }

  /**
   * Bytes of the file, of those kept a view.
   *
   * @throws {LimitError} If they are more than a directory may have.
   * @throws {ArchiveError} If they are not there, or were sought too often.
   */
  async read(offset: number, length: number): Promise<ZipView> {
    const kept = this.#kept(offset, length);
    if (kept !== undefined) return kept;
    this.#reads++;
    const archive = this.#source.name;
    if (length > this.#limits.directoryBytes) {
      throw new LimitError(
        `Cannot open zip: its directory claims ${length} bytes: ` +
          limitText(this.#limits, "directoryBytes"),
        { archive, offset },
      );
    }
    if (this.#reads > MAX_READS) {
      throw new ArchiveError(
        `Cannot open zip: its directory is not found in ${MAX_READS} reads`,
        { archive, offset },
      );
    }
    const bytes = await this.#source.read(offset, length, this.#options);
    const view = new ZipView(bytes, offset, archive);
    this.#tail ??= view;
    return view;
  }

  /** Whether a record starts there. */
  async isSignature(signature: number, offset: number): Promise<boolean> {
    if (offset < 0 || offset + 4 > this.size) return false;
    const view = await this.read(offset, 4);
    return view.u32(0) === signature;
  }

  #kept(offset: number, length: number): ZipView | undefined {
    if (this.#tail === undefined) return undefined;
    const { bytes, start, archive } = this.#tail;
    const at = offset - start;
    if (at < 0 || at + length > bytes.length) return undefined;
    return new ZipView(bytes.subarray(at, at + length), offset, archive);
  }
}
