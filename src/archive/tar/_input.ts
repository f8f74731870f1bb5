import { ArchiveError, type DataErrorPlace, LimitError } from "../../errors.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import { DOWNLOAD_AGAIN } from "../archive.ts";

/**
 * Most memory that is reserved on a claim alone, before its bytes have arrived:
 * the size of an average tarball of a release. It grows from there on.
 */
const FIRST_BYTES = 1 << 26;

/** Reads a content that arrives in pieces. */
export class TarInput {
  /** Byte of the content that is read next. */
  position = 0;
  /** Name of the current part in errors. */
  inside = "a header";
  /** Most that the content may claim. */
  readonly limits: Limits;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #place: DataErrorPlace;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(
    pieces: AsyncIterator<Uint8Array>,
    limits: Limits,
    place: DataErrorPlace,
  ) {
    this.limits = limits;
    this.#pieces = pieces;
    this.#place = place;
  }

  /** Whether there is a further byte. */
  async hasMore(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.#piece = value;
    }
    return true;
  }

  /** Reads the next bytes into a new buffer, which grows as they arrive. */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    let buffer = new ArrayBuffer(Math.min(length, FIRST_BYTES));
    for (let at = 0; at < length;) {
      const part = await this.#part(length - at);
      const needed = at + part.length;
      if (needed > buffer.byteLength) {
        buffer = buffer.transfer(Math.min(length, 2 * needed));
      }
      new Uint8Array(buffer).set(part, at);
      at = needed;
    }
    return new Uint8Array(buffer);
  }

  /** Skips the next bytes. */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) left -= (await this.#part(left)).length;
  }

  /** Error for damaged bytes. */
  malformed(why: string, offset: number, cause?: unknown): ArchiveError {
    const place = { ...this.#place, offset, cause };
    return new ArchiveError(`Cannot read tar: ${why}`, place);
  }

  /** Error for a claim beyond a limit. */
  excessive(why: string, name: keyof Limits, offset: number): LimitError {
    const rule = limitText(this.limits, name);
    const place = { ...this.#place, offset };
    return new LimitError(`Cannot read tar: ${why}: ${rule}`, place);
  }

  async #part(most: number): Promise<Uint8Array> {
    if (!await this.hasMore()) {
      const why = `it ends inside ${this.inside}${DOWNLOAD_AGAIN}`;
      throw this.malformed(why, this.position);
    }
    if (this.position >= this.limits.tarballBytes) {
      throw this.excessive("it is longer", "tarballBytes", this.position);
    }
    const part = this.#piece.subarray(0, most);
    this.#piece = this.#piece.subarray(part.length);
    this.position += part.length;
    return part;
  }
}
