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
 * Writes sessions as a Zarr v3 folder, the arrays of a presentation as soon as
 * it is read.
 *
 * - A float32 array per distinct stimulus (`stimuli/<s>`) and one per stimulus
 *   and cell (`responses/<s>.<n>`, `(R, T)`; repeats that are not aligned follow
 *   each other), in chunks of at most 4 MiB along time. The attributes of each
 *   are the line that {@linkcode toNdjson} writes for it without its data; the
 *   metadata are consolidated.
 * - Written as `<path>.part` and renamed when it is whole; goes on with
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
 * @throws {TypeError} When called, if the path is none or an option of another
 * type.
 * @throws {OutputError} In the stream, if the folder exists and may not be
 * overwritten, cannot be written, or holds something else to go on with.
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
