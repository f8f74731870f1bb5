import { DownloadError } from "../errors.ts";
import { Backoff } from "./backoff.ts";
import { bodyPieces } from "./body.ts";
import { shownAddress } from "./address.ts";
import {
  changed,
  checkSameVersion,
  type FileVersion,
  type RangeAnswer,
  rangeAnswer,
  rangeHeaders,
  unlike,
  withoutRanges,
} from "./range.ts";
import type { Sender } from "./transport.ts";

/** Tries of one range without a byte of it. */
const TRIES = 6;

/** What came of an answer. */
interface Filled {
  /** Bytes that came. */
  readonly got: number;
  /** Why no more did, where more should have. */
  readonly fault: DownloadError;
}

/** A file on a server, and the version of it that was opened. */
export class HttpFile {
  /** Its address, as errors name it. */
  readonly name: string;
  /** What was opened. */
  version: FileVersion = { size: 0, etag: null, lastModified: null };
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
   * Learns its version.
   *
   * @param tail Bytes of its end to bring along.
   * @returns Its last bytes; none where the server does not count from the end.
   */
  async open(tail: number, signal?: AbortSignal): Promise<Uint8Array> {
    const leaving = signal ?? new AbortController().signal;
    const end = await this.#ask(`-${tail}`, leaving);
    if (end !== null) return await this.#endOf(end, tail, leaving);
    // Azure's servers, for one, know no range that is counted from the end.
    const first = await this.#ask("0-0", leaving);
    if (first === null) throw withoutRanges(this.name);
    await first.response.body?.cancel();
    this.version = first.version;
    return new Uint8Array(0);
  }

  /** Bytes of it, from wherever a cut connection ended. */
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
      throw unlike(answer, version.size - expected, expected, this.name);
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
    // It has answered ranges before: the file is gone or another one.
    if (answer === null) throw changed(this.name);
    try {
      checkSameVersion(this.version, answer.version, this.name);
      if (answer.offset === offset && answer.length <= length) return answer;
      throw unlike(answer, offset, length, this.name);
    } catch (error) {
      await answer.response.body?.cancel();
      throw error;
    }
  }

  /** Null where the server knows no such range, or sends the whole file. */
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

  /** Reads an answer as far as it comes. */
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
