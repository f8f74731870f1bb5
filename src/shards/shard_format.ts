import type { FileFormat } from "../sinks/files/file_format.ts";
import type { ArrayReader, ArraysOpener } from "../sinks/files/stored_array.ts";

/** File format of shards, which is also the ending of their names. */
export type ShardFormat = "ndjson" | "npz" | "safetensors";

/** Formats of shards. */
export const SHARD_FORMATS: readonly ShardFormat[] = [
  "ndjson",
  "npz",
  "safetensors",
];

/** Writer and readers of a format. */
export interface LoadedShardFormat {
  readonly format: FileFormat;
  /** Reads complete files from start to end. */
  readonly read: ArrayReader;
  /** Opens complete files to read any of their arrays. */
  readonly open: ArraysOpener;
}

const LOADERS: Readonly<
  Record<ShardFormat, () => Promise<LoadedShardFormat>>
> = {
  ndjson: async () => {
    const { ndjsonFormat } = await import("../sinks/files/ndjson_format.ts");
    const { openNdjson, readNdjson } = await import(
      "../sinks/files/read_ndjson.ts"
    );
    const format = ndjsonFormat("base64");
    return { format, read: readNdjson, open: openNdjson };
  },
  npz: async () => {
    const { npzFormat } = await import("../sinks/files/npz_format.ts");
    const { openNpz, readNpz } = await import("../sinks/files/read_npz.ts");
    return { format: npzFormat, read: readNpz, open: openNpz };
  },
  safetensors: async () => {
    const { safetensorsFormat } = await import(
      "../sinks/files/safetensors_format.ts"
    );
    const { openSafetensors, readSafetensors } = await import(
      "../sinks/files/read_safetensors.ts"
    );
    return {
      format: safetensorsFormat,
      read: readSafetensors,
      open: openSafetensors,
    };
  },
};

/** Whether a value is the name of a format. */
export function isShardFormat(value: unknown): value is ShardFormat {
  return SHARD_FORMATS.some((format) => format === value);
}

/** Loads the modules of a format. */
export function loadShardFormat(
  format: ShardFormat,
): Promise<LoadedShardFormat> {
  return LOADERS[format]();
}
