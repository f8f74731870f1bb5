import type { Observable, OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import {
  checkFileOptions,
  checkPath,
  type FileOptions,
  type WriteSummary,
} from "./files/file_options.ts";
import { PartOutput } from "./files/part_output.ts";
import { writeSessions } from "./files/write_sessions.ts";
import { zarrFormat } from "./files/zarr_format.ts";

/**
 * Writes sessions as a Zarr v3 folder: the arrays of each presentation as
 * soon as it is read.
 *
 * - One float32 array per distinct stimulus (`stimuli/<s>`) and one per stimulus
 *   and cell (`responses/<s>.<n>`, `(R, T)`; repeats of unequal length are
 *   concatenated), in chunks of at most 4 MiB along time. The attributes of each
 *   are its line of {@linkcode toNdjson} without the data; the metadata are
 *   consolidated.
 * - Written as `<path>.part` and renamed once it is complete; continues with
 *   `resume: true` as {@linkcode toNdjson} does, to the same bytes.
 * - In memory: `concurrency` presentations.
 *
 * @example A folder for zarr-python
 * ```ts
 * import { crcnsAc1Pipeline, toZarr, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(wehr("data").pipe(crcnsAc1Pipeline(), toZarr("wehr.zarr")));
 * ```
 *
 * In Python: `zarr.open_group("wehr.zarr")["responses/0.3"]`.
 *
 * @param path Path of the folder.
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if the path is empty or an option has the wrong
 * type.
 * @throws {OutputError} In the stream, if the folder exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toZarr(
  path: string,
  options: FileOptions = {},
): OperatorFunction<Session, WriteSummary> {
  checkPath("write Zarr", path);
  checkFileOptions("write Zarr", options);
  return (sessions): Observable<WriteSummary> =>
    writeSessions(
      sessions,
      () => PartOutput.open(path, zarrFormat, options),
      options,
    );
}
