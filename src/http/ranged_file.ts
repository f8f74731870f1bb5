import { DownloadError } from "../errors.ts";
import { Backoff } from "./backoff.ts";
import { bodyPieces } from "./body.ts";
import { shownAddress } from "./address.ts";
import {
  changedError,
  noRangesError,
  otherRangeError,
  type RangeAnswer,
  rangeAnswer,
  rangeHeaders,
  type SizedVersion,
} from "./range.ts";
import type { Sender } from "./transport.ts";
import { isSameVersion, UNKNOWN_VERSION } from "./version.ts";

/** Attempts at one range that bring no byte of it. */
const TRIES = 6;

/** Outcome of reading an answer. */
interface Filled {
  /** Bytes that arrived. */
  readonly got: number;
  /** Reason that the rest did not, if there is a rest. */
  readonly fault: DownloadError;
}

/** File on a server, bound to the version that was opened. */
export class HttpFile {
  /** Address, as errors name it. */
  readonly name: string;
  /** Version and length when it was opened. */
  version: SizedVersion = { ...UNKNOWN_VERSION, size: 0 };
  readonly #address: URL;
  readonly #shown: URL;
  readonly #sender: Sender;

  constructor(address: URL, sender: Sender) {
    this.#address = address;
    this.#shown = shownAddress(address);
    this.name = this.#shown.href;
    this.#sender = sender;
  }

  /**
   * Asks for version and length.
   *
   * @param tail Number of last bytes to fetch in the same request.
   * @returns Those bytes; none if the server cannot count from the end.
   */
  async open(tail: number, signal?: AbortSignal): Promise<Uint8Array> {
    const ending = signal ?? new AbortController().signal;
    const end = await this.#ask(`-${tail}`, ending);
    if (end !== null) return await this.#endOf(end, tail, ending);
    // Azure's servers do not answer ranges that count from the end.
    const first = await this.#ask("0-0", ending);
    if (first === null) throw noRangesError(this.name);
    await first.response.body?.cancel();
    this.version = first.version;
    return new Uint8Array(0);
  }

  /** Fetches bytes; a cut connection is resumed where it ended. */
  async fetch(
    offset: number,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const backoff = new Backoff(this.#sender.transport, TRIES);
    for (let at = 0; at < length;) {
      const answer = await this.#part(offset + at, length - at, signal);
      const part = bytes.subarray(at, at + answer.length);
      const { got, fault } = await this.#fill(part, answer, signal);
      at += got;
      if (got > 0) backoff.reset();
      if (got < answer.length) await backoff.wait(fault, { signal });
    }
    return bytes;
  }

  async #endOf(
    answer: RangeAnswer,
    most: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { offset, length, version } = answer;
    const expected = Math.min(most, version.size);
    if (length !== expected || offset + length !== version.size) {
      await answer.response.body?.cancel();
      throw otherRangeError(
        answer,
        version.size - expected,
        expected,
        this.name,
      );
    }
    this.version = version;
    const bytes = new Uint8Array(length);
    const { got } = await this.#fill(bytes, answer, signal);
    bytes.set(await this.fetch(offset + got, length - got, signal), got);
    return bytes;
  }

  async #part(
    offset: number,
    length: number,
    signal: AbortSignal,
  ): Promise<RangeAnswer> {
    const answer = await this.#ask(`${offset}-${offset + length - 1}`, signal);
    // The server has answered ranges before: the file is gone or replaced.
    if (answer === null) throw changedError(this.name);
    try {
      this.#checkSame(answer.version);
      if (answer.offset === offset && answer.length <= length) return answer;
      throw otherRangeError(answer, offset, length, this.name);
    } catch (error) {
      await answer.response.body?.cancel();
      throw error;
    }
  }

  /** @throws {ArchiveError} If the file has changed since it was opened. */
  #checkSame(now: SizedVersion): void {
    const isSame = this.version.size === now.size &&
      isSameVersion(this.version, now);
    if (!isSame) throw changedError(this.name);
  }

  /** Null if the server knows no such range, or sends the whole file. */
  async #ask(range: string, signal: AbortSignal): Promise<RangeAnswer | null> {
    const init = { headers: rangeHeaders(range), signal };
    const response = await this.#sender.send(this.#address, init);
    let answer: RangeAnswer | null = null;
    try {
      answer = rangeAnswer(this.#shown, response);
      return answer;
    } finally {
      if (answer === null) await response.body?.cancel();
    }
  }

  /** Reads an answer as far as it arrives. */
  async #fill(
    bytes: Uint8Array,
    { response }: RangeAnswer,
    signal: AbortSignal,
  ): Promise<Filled> {
    const { transport } = this.#sender;
    let [got, isLonger] = [0, false];
    let fault = this.#fault("the answer ends early");
    try {
      const pieces = bodyPieces(this.#shown, response, { transport, signal });
      for await (const piece of pieces) {
        isLonger = got + piece.length > bytes.length;
        if (isLonger) break;
        bytes.set(piece, got);
        got += piece.length;
      }
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      fault = error;
    }
    if (!isLonger) return { got, fault };
    throw this.#fault("the server sends more bytes than it says");
  }

  #fault(why: string): DownloadError {
    const place = { archive: this.name };
    return new DownloadError(`Cannot read file: ${why}`, place);
  }
}
