import type { OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import type { FileOptions, WriteSummary } from "./files/file_options.ts";
import { fileSink } from "./_file_sink.ts";

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
 * - Each array keeps its own T, which its shape states: traces can end before
 *   their stimulus. {@linkcode readDataset} cuts both to the bins that they share.
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
 * @throws {RangeError} When called, if an option is outside its range, or does
 * not exist.
 * @throws {TypeError} When called, if the path is empty or an option has the wrong
 * type.
 * @throws {OutputError} In the stream, if the folder exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toZarr(
  path: string,
  options: FileOptions = {},
): OperatorFunction<Session, WriteSummary> {
  return fileSink("Zarr", path, options, async () => {
    const { zarrFormat } = await import("./files/zarr_format.ts");
    const { readZarr } = await import("./files/read_zarr.ts");
    return { format: zarrFormat, read: readZarr };
  });
}
