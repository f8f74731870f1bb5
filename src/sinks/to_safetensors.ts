import type { Observable, OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import {
  checkFileOptions,
  checkPath,
  type FileOptions,
  type WriteSummary,
} from "./files/file_options.ts";
import { safetensorsFormat } from "./files/safetensors_format.ts";
import { PartOutput } from "./files/part_output.ts";
import { writeSessions } from "./files/write_sessions.ts";

/**
 * Writes sessions as safetensors, the arrays of a presentation as soon as it is
 * read.
 *
 * - A float32 tensor per distinct stimulus (`stimuli/<s>`) and one per stimulus
 *   and cell (`responses/<s>.<n>`, `(R, T)`; repeats that are not aligned follow
 *   each other). The metadata hold, under each tensor's name, the line that
 *   {@linkcode toNdjson} writes for it without its data.
 * - Written as `<path>.part` and renamed when it is whole; goes on with
 *   `resume: true` as {@linkcode toNdjson} does, to the same bytes. The header
 *   stands first and is known last: until then the data are in a file beside it,
 *   so that twice their size is needed on the disk.
 * - In memory: `concurrency` presentations.
 *
 * @example Tensors for PyTorch
 * ```ts
 * import { crcnsAc1Pipeline, toSafetensors, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(
 *     wehr("data").pipe(crcnsAc1Pipeline(), toSafetensors("wehr.safetensors")),
 *   );
 * ```
 *
 * @param path Path of the file.
 * @throws {RangeError} When called, if an option is outside its range.
 * @throws {TypeError} When called, if the path is none or an option of another
 * type.
 * @throws {OutputError} In the stream, if the file exists and may not be
 * overwritten, cannot be written, or holds something else to go on with.
 */
export function toSafetensors(
  path: string,
  options: FileOptions = {},
): OperatorFunction<Session, WriteSummary> {
  checkPath("write safetensors", path);
  checkFileOptions("write safetensors", options);
  return (sessions): Observable<WriteSummary> =>
    writeSessions(
      sessions,
      () => PartOutput.open(path, safetensorsFormat, options),
      options,
    );
}
