import {
  type FileOptions,
  type Session,
  toNdjson,
  toNpz,
  toSafetensors,
  toZarr,
  type WriteSummary,
} from "rxephys";
import type { OperatorFunction } from "rxjs";

/** A sink that writes a file or a folder. */
export type FileSink = (
  path: string,
  options?: FileOptions,
) => OperatorFunction<Session, WriteSummary>;

type Format = "NDJSON" | "NDJSON of numbers" | "NPZ" | "safetensors" | "Zarr";

/** Every sink that writes files, by the name of its format. */
export const FILE_SINKS: Readonly<Record<Format, FileSink>> = {
  "NDJSON": toNdjson,
  "NDJSON of numbers": (path, options) =>
    toNdjson(path, { arrays: "numbers", ...options }),
  "NPZ": toNpz,
  "safetensors": toSafetensors,
  "Zarr": toZarr,
};
