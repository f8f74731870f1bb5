import type { OperatorFunction } from "rxjs";
import type { Session } from "../session.ts";
import type { FileOptions, WriteSummary } from "./files/file_options.ts";
import { fileSink } from "./_file_sink.ts";

/**
 * Writes sessions as safetensors: the arrays of each presentation as soon as
 * it is read.
 *
 * - One float32 tensor per distinct stimulus (`stimuli/<s>`) and one per stimulus
 *   and cell (`responses/<s>.<n>`, `(R, T)`; repeats of unequal length are
 *   concatenated). The metadata hold, under the name of each tensor, its line of
 *   {@linkcode toNdjson} without the data.
 * - Written as `<path>.part` and renamed once it is complete; continues with
 *   `resume: true` as {@linkcode toNdjson} does, to the same bytes. The header
 *   comes first but is known last: until then the data are in a temporary file,
 *   so that the disk needs twice their size.
 * - Each array keeps its own T, which its shape states: traces can end before
 *   their stimulus. {@linkcode readDataset} cuts both to the bins that they share.
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
 * @throws {RangeError} When called, if an option is outside its range, or does
 * not exist.
 * @throws {TypeError} When called, if the path is empty or an option has the wrong
 * type.
 * @throws {OutputError} In the stream, if the file exists and may not be
 * overwritten, cannot be written, or cannot be resumed.
 */
export function toSafetensors(
  path: string,
  options: FileOptions = {},
): OperatorFunction<Session, WriteSummary> {
  return fileSink("safetensors", path, options, async () => {
    const { safetensorsFormat } = await import("./files/safetensors_format.ts");
    const { readSafetensors } = await import("./files/read_safetensors.ts");
    return { format: safetensorsFormat, read: readSafetensors };
  });
}
