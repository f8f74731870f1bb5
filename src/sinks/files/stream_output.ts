import { isClosedPipe } from "../../platform/files.ts";
import type { ArrayRecord, Ending } from "./array_record.ts";
import { LINE_END, type NdjsonArrays, NdjsonLines } from "./ndjson_format.ts";
import type { Output } from "./write_sessions.ts";

/**
 * Writes lines to the caller's stream. Each line is held until the next one is
 * known, since only the last one has `end`.
 */
export class StreamOutput implements Output {
  readonly earlier = [];
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: NdjsonLines;
  #held = new Uint8Array(0);
  #bytes = 0;

  constructor(stream: WritableStream<Uint8Array>, arrays: NdjsonArrays) {
    this.#writer = stream.getWriter();
    this.#lines = new NdjsonLines(arrays);
  }

  async write(records: Iterable<ArrayRecord>): Promise<void> {
    for (const record of records) await this.#hold(this.#lines.of(record));
  }

  endSession(): Promise<void> {
    return Promise.resolve();
  }

  async commit(ending: Ending): Promise<number> {
    if (ending.rest !== undefined || this.#held.length === 0) {
      await this.#hold(this.#lines.ofRest(ending.rest));
    }
    const end = this.#lines.end(ending);
    const line = this.#held.subarray(0, -LINE_END.length);
    const last = new Uint8Array(line.length + end.length);
    last.set(line);
    last.set(end, line.length);
    await this.#send(last);
    await this.#writer.ready;
    return this.#bytes;
  }

  /** Bytes written, if the error is that the reader closed the stream. */
  bytesAtEnd(error: unknown): number | undefined {
    return isClosedPipe(error) ? this.#bytes : undefined;
  }

  leave(): Promise<void> {
    this.#writer.releaseLock();
    return Promise.resolve();
  }

  async #hold(line: Uint8Array): Promise<void> {
    const before = this.#held;
    // A copy: the stream may keep the bytes, and the buffer is reused.
    this.#held = line.slice();
    if (before.length > 0) await this.#send(before);
  }

  async #send(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes);
    this.#bytes += bytes.length;
  }
}
