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

const SINKS: Readonly<
  Record<
    string,
    (
      path: string,
      options: FileOptions,
    ) => OperatorFunction<Session, WriteSummary>
  >
> = {
  ".ndjson": toNdjson,
  ".npz": toNpz,
  ".safetensors": toSafetensors,
  ".zarr": toZarr,
};

/** Sink that writes the format of a path's extension. */
export function fileSink(
  path: string,
  options: FileOptions,
): OperatorFunction<Session, WriteSummary> {
  const extension = /\.[^./\\]+(?=[/\\]?$)/.exec(path)?.[0] ?? "";
  const sink = SINKS[extension.toLowerCase()];
  if (sink) return sink(path, options);
  throw new RangeError(
    `--out is "${path}", expected a name that ends with ` +
      Object.keys(SINKS).join(", "),
  );
}
