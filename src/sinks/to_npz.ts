import type { OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import type { FileOptions, WriteSummary } from "./files/file_options.ts";
import { fileSink } from "./_file_sink.ts";

/**
 * Writes sessions as NumPy's zip of arrays (NPZ): those of each presentation as
 * soon as it is read.
 *
 * - One float32 array per distinct stimulus (`stimuli/<s>`) and one per stimulus
 *   and cell (`responses/<s>.<n>`, `(R, T)`; repeats of unequal length are
 *   concatenated), uncompressed. The member `metadata.ndjson` has one line per
 *   array: the line of {@linkcode toNdjson} without its data.
 * - Written as `<path>.part` and renamed once it is complete; continues with
 *   `resume: true` as {@linkcode toNdjson} does, to the same bytes.
 * - Each array keeps its own T, which its shape states: traces can end before
 *   their stimulus. {@linkcode readDataset} cuts both to the bins that they share.
 * - In memory: `concurrency` presentations; the zip's directory and the metadata
 *   are on the disk.
 *
 * @example Arrays for NumPy
 * ```ts
 * import { crcnsAc1Pipeline, toNpz, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const write = () =>
 *   lastValueFrom(wehr("data").pipe(crcnsAc1Pipeline(), toNpz("wehr.npz")));
 * ```
 *
 * In Python: `numpy.load("wehr.npz")["responses/0.3"]`.
 *
 * @param path Path of the file.
 * @throws {RangeError} When called, if an option is outside its range, or does
 * not exist.
 * @throws {TypeError} When called, if the path is empty or an option has the wrong
 * type.
 * @throws {OutputError} In the stream, if the file exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toNpz(
  path: string,
  options: FileOptions = {},
): OperatorFunction<Session, WriteSummary> {
  return fileSink("NPZ", path, options, async () => {
    const { npzFormat } = await import("./files/npz_format.ts");
    const { readNpz } = await import("./files/read_npz.ts");
    return { format: npzFormat, read: readNpz };
  });
}
