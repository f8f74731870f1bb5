import type { OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import {
  checkFileOptions,
  type FileOptions,
  type WriteSummary,
} from "./files/file_options.ts";
import { fileSink, outputSink } from "./_file_sink.ts";
import type { NdjsonArrays } from "./files/ndjson_format.ts";

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
 * - A stream whose reader closes it, such as `| head`, ends the writing without
 *   an error: the summary has what was written.
 * - Each array keeps its own T, which its shape states: traces can end before
 *   their stimulus. {@linkcode readDataset} cuts both to the bins that they share.
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
 * @throws {RangeError} When called, if an option is outside its range, or does
 * not exist.
 * @throws {TypeError} When called, if an option has the wrong type, or if
 * `overwrite` or `resume` is given with a stream.
 * @throws {OutputError} In the stream, if the file exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toNdjson(
  target: string | WritableStream<Uint8Array>,
  options: NdjsonOptions = {},
): OperatorFunction<Session, WriteSummary> {
  const act = "write NDJSON";
  const { arrays = "base64", ...fileOptions } = options;
  checkFileOptions<NdjsonOptions>(act, options, ["arrays"]);
  if (arrays !== "base64" && arrays !== "numbers") {
    throw new TypeError(
      `Cannot ${act}: arrays is ${arrays}, expected base64 or numbers`,
    );
  }
  if (!(target instanceof WritableStream)) {
    return fileSink("NDJSON", target, fileOptions, async () => {
      const { ndjsonFormat } = await import("./files/ndjson_format.ts");
      const { readNdjson } = await import("./files/read_ndjson.ts");
      return { format: ndjsonFormat(arrays), read: readNdjson };
    });
  }
  if (options.overwrite || options.resume) {
    throw new TypeError(
      `Cannot ${act}: overwrite or resume is given with a stream, ` +
        "expected a path",
    );
  }
  return outputSink(options, async () => {
    const { StreamOutput } = await import("./files/stream_output.ts");
    return new StreamOutput(target, arrays);
  });
}
