import type { FileFormat } from "../sinks/files/file_format.ts";
import type { ArrayReader } from "../sinks/files/stored_array.ts";

/** File format of shards, which is also the ending of their names. */
export type ShardFormat = "ndjson" | "npz" | "safetensors";

/** Formats of shards. */
export const SHARD_FORMATS: readonly ShardFormat[] = [
  "ndjson",
  "npz",
  "safetensors",
];

/** Writer and reader of a format. */
export interface LoadedShardFormat {
  readonly format: FileFormat;
  readonly read: ArrayReader;
}

const LOADERS: Readonly<
  Record<ShardFormat, () => Promise<LoadedShardFormat>>
> = {
  ndjson: async () => {
    const { ndjsonFormat } = await import("../sinks/files/ndjson_format.ts");
    const { readNdjson } = await import("../sinks/files/read_ndjson.ts");
    return { format: ndjsonFormat("base64"), read: readNdjson };
  },
  npz: async () => {
    const { npzFormat } = await import("../sinks/files/npz_format.ts");
    const { readNpz } = await import("../sinks/files/read_npz.ts");
    return { format: npzFormat, read: readNpz };
  },
  safetensors: async () => {
    const { safetensorsFormat } = await import(
      "../sinks/files/safetensors_format.ts"
    );
    const { readSafetensors } = await import(
      "../sinks/files/read_safetensors.ts"
    );
    return { format: safetensorsFormat, read: readSafetensors };
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
