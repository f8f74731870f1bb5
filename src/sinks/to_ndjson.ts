import {
  concatWith,
  defer,
  finalize,
  mergeMap,
  type Observable,
  type OperatorFunction,
} from "rxjs";
import type { GateTally, Session } from "../session.ts";
import { NdjsonLines } from "./_ndjson_lines.ts";
import { PartFile } from "./_part_file.ts";
import {
  checkSinkOptions,
  readSessions,
  type SinkOptions,
} from "./_read_sessions.ts";
import { TallySum } from "./_tally_sum.ts";
import { TextBuffer } from "./_text_buffer.ts";

/** Options for {@linkcode toNdjson}. */
export interface NdjsonOptions extends SinkOptions {
  /**
   * How arrays are written: `base64` of little-endian float32, or `numbers`.
   *
   * @default {"base64"}
   */
  readonly arrays?: "base64" | "numbers";
}

/** What {@linkcode toNdjson} has written. */
export interface NdjsonSummary {
  /** The file, where a path was given. */
  readonly path?: string;
  /** Bytes written. */
  readonly bytes: number;
  /** Stimulus lines. */
  readonly stimuli: number;
  /** Response lines. */
  readonly responses: number;
  /** Cells that have a response. */
  readonly cells: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}

/**
 * Writes sessions as NDJSON, the lines of a presentation as soon as it is read.
 *
 * - A line per distinct stimulus (`type: "stimulus"`), before the first response
 *   to it, and a line per stimulus and cell (`"response"`). Each carries index,
 *   key, shape, dtype, unit, bin width or rate, metadata and data, so that any
 *   line can be read alone. Repeats that are not aligned have `lengths` in the
 *   place of a `shape` and follow each other in `data`.
 * - A file is written as `<path>.part` and renamed when it is whole; an error or
 *   leaving removes it. Numbers that JSON lacks (NaN, infinite) are null.
 * - In memory: `concurrency` presentations and the lines of one.
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
 * @example A pipe, such as the standard output
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
 * @param target Path of the file, or a stream, which is flushed but left open.
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if `arrays` is neither of the two.
 */
export function toNdjson(
  target: string | WritableStream<Uint8Array>,
  options: NdjsonOptions = {},
): OperatorFunction<Session, NdjsonSummary> {
  const { arrays = "base64" } = options;
  checkSinkOptions("write NDJSON", options);
  if (arrays !== "base64" && arrays !== "numbers") {
    throw new TypeError(
      `Cannot write NDJSON: arrays is ${arrays}, expected base64 or numbers`,
    );
  }
  return (sessions): Observable<NdjsonSummary> =>
    defer(() => openTarget(target)).pipe(
      mergeMap((out) => {
        const lines = new NdjsonLines(arrays);
        const text = new TextBuffer();
        const tally = new TallySum();
        let bytes = 0;
        return readSessions(sessions, async (item, session) => {
          tally.add(item.trials.tally);
          // One write for them all: each costs as much as 30 kB of data.
          for (const part of lines.of(item, session)) text.append(part);
          const encoded = text.take();
          if (encoded.length > 0) await out.write(encoded);
          bytes += encoded.length;
        }, options).pipe(
          concatWith(defer(async () => {
            await out.commit();
            const { path } = out;
            return { path, bytes, ...lines.counts, tally: tally.total };
          })),
          finalize(() => out[Symbol.dispose]()),
        );
      }),
    );
}

/** Where lines go: a file, or a stream that somebody else owns. */
interface LineTarget extends Disposable {
  readonly path?: string;
  write(bytes: Uint8Array): Promise<void>;
  commit(): Promise<void>;
}

function openTarget(
  target: string | WritableStream<Uint8Array>,
): Promise<LineTarget> {
  if (typeof target === "string") return PartFile.create(target);
  const writer = target.getWriter();
  return Promise.resolve({
    // The stream may keep what it gets, and the buffer is used again.
    write: (bytes: Uint8Array) => writer.write(bytes.slice()),
    commit: () => writer.ready,
    [Symbol.dispose]: () => writer.releaseLock(),
  });
}
