import type { Observable, OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import type { ArrayRecord, Ending } from "./files/array_record.ts";
import {
  checkFileOptions,
  checkPath,
  type FileOptions,
  type WriteSummary,
} from "./files/file_options.ts";
import {
  LINE_END,
  type NdjsonArrays,
  ndjsonFormat,
  NdjsonLines,
} from "./files/ndjson_format.ts";
import { PartOutput } from "./files/part_output.ts";
import { type Output, writeSessions } from "./files/write_sessions.ts";

/** Options for {@linkcode toNdjson}. */
export interface NdjsonOptions extends FileOptions {
  /**
   * Encoding of arrays: `base64` of little-endian float32, or `numbers`.
   *
   * @default {"base64"}
   */
  readonly arrays?: NdjsonArrays;
}

/**
 * Writes sessions as NDJSON: the lines of each presentation as soon as it is read.
 *
 * - One line per distinct stimulus (`type: "stimulus"`), before the first response
 *   to it, and one per stimulus and cell (`"response"`). Every line has index,
 *   key, shape, dtype, unit, bin width or rate, metadata and data, and can be read
 *   alone. Repeats of unequal length have `lengths` instead of a `shape` and are
 *   concatenated in `data`.
 * - `tally` counts the repeats that the gate kept and dropped since the line
 *   before; `cells` lists those of a data set's table. A final `"rest"` line has
 *   the tally and cells after the last array, if any. The last line has `end`, the
 *   number of arrays; a stream receives each line once the next one is known.
 * - A file is written as `<path>.part` and renamed once it is complete. An error
 *   or unsubscribing removes the part. With `resume: true` the part stays, and the
 *   next run continues after the last complete session, to the same bytes. NaN and
 *   infinite numbers, which JSON lacks, are null.
 * - In memory: `concurrency` presentations and one line.
 *
 * @example A file
 * ```ts
 * import { crcnsAc1Pipeline, toNdjson, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(
 *     wehr("data").pipe(crcnsAc1Pipeline(), toNdjson("wehr.ndjson")),
 *   );
 * ```
 *
 * @example A stream, such as standard output
 * ```ts
 * import { crcnsAc1Pipeline, toNdjson, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(
 *     wehr("data").pipe(crcnsAc1Pipeline(), toNdjson(Deno.stdout.writable)),
 *   );
 * ```
 *
 * @param target Path of the file, or a stream, which is flushed but not closed.
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if an option has the wrong type, or if
 * `overwrite` or `resume` is given with a stream.
 * @throws {OutputError} In the stream, if the file exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toNdjson(
  target: string | WritableStream<Uint8Array>,
  options: NdjsonOptions = {},
): OperatorFunction<Session, WriteSummary> {
  const { arrays = "base64" } = options;
  const isStream = target instanceof WritableStream;
  if (!isStream) checkPath("write NDJSON", target);
  checkFileOptions("write NDJSON", options);
  if (arrays !== "base64" && arrays !== "numbers") {
    throw new TypeError(
      `Cannot write NDJSON: arrays is ${arrays}, expected base64 or numbers`,
    );
  }
  if (isStream && (options.overwrite || options.resume)) {
    throw new TypeError(
      "Cannot write NDJSON: overwrite or resume is given with a stream, " +
        "expected a path",
    );
  }
  const open = (): Promise<Output> =>
    isStream
      ? Promise.resolve(new StreamOutput(target, arrays))
      : PartOutput.open(target, ndjsonFormat(arrays), options);
  return (sessions): Observable<WriteSummary> =>
    writeSessions(sessions, open, options);
}

/**
 * Writes lines to the caller's stream. Each line is held until the next one is
 * known, since only the last one has `end`.
 */
class StreamOutput implements Output {
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
    this.#bytes += bytes.length;
    await this.#writer.write(bytes);
  }
}
