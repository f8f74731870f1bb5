import type { Limits } from "../../../base/limits.ts";
import { CLASS, Hdf5Decoder, isRagged, type Metadata } from "./_decode.ts";
import { limitFault, otherFileFault, unsupportedFault } from "./_fault.ts";
import type { Hdf5Library } from "./_library.ts";
import type { Hdf5Data, Hdf5Values } from "./model.ts";
import type { Hdf5Objects } from "./_objects.ts";

/** Bytes of one read by the library, unless the rows of a chunk take more. */
const STEP_BYTES = 4 << 20;
/** Greatest number of a filter that the library has. */
const LAST_FILTER = 6;

/** Rows of a dataset, or all of a scalar. */
interface Rows {
  readonly path: string;
  readonly metadata: Metadata;
  readonly first: number;
  readonly count: number;
  /** Bytes of a row. */
  readonly width: number;
}

/** Rows of a dataset. */
export interface RowRange {
  readonly path: string;
  /** First row, 0 by default. */
  readonly start?: number | undefined;
  /** Row after the last one, the length by default and at most. */
  readonly stop?: number | undefined;
}

/**
 * Reads rows of a dataset, a few at a time into the library's memory. References
 * stay as they are stored.
 */
export function readRows(
  library: Hdf5Library,
  objects: Hdf5Objects,
  limits: Limits,
  { path, start = 0, stop = Infinity }: RowRange,
): Hdf5Values {
  const metadata = objects.metadata(path);
  const shape = metadata.shape ?? [0];
  const [length = 1, ...rest] = shape;
  const first = Math.min(start, length);
  const count = Math.max(first, Math.min(stop, length)) - first;
  const width = rest.reduce((a, b) => a * b, metadata.size);
  checkSource(metadata, path);
  checkFilters(objects, path);
  const rows = { path, metadata, first, count, width };
  checkClaims(rows, limits);
  return {
    shape: shape.length === 0 ? [] : [count, ...rest],
    data: valuesOf(library, limits, rows),
  };
}

/** @throws {Fault} If other files hold the values. */
function checkSource({ virtual_sources = [] }: Metadata, path: string): void {
  const other = virtual_sources.find(({ file_name }) => file_name !== ".");
  if (other) throw otherFileFault(other.file_name, path);
}

/** @throws {Fault} If a filter is unknown to the library. */
function checkFilters(objects: Hdf5Objects, path: string): void {
  const unknown = objects.filters(path).find(({ id }) => id > LAST_FILTER);
  if (!unknown) return;
  const { id, name } = unknown;
  const why = `its chunks are packed by ${name || "a filter"} (filter ${id})`;
  throw unsupportedFault(`${why}, which is not read; repack it as gzip`, path);
}

/** @throws {Fault} If the rows, or a chunk of them, are larger than a read may be. */
function checkClaims(
  { path, metadata, count, width }: Rows,
  limits: Limits,
): void {
  const { chunks, size, type } = metadata;
  // Text and ragged rows become values of JavaScript.
  const own = isRagged(metadata) || type === CLASS.text ? 32 : 1;
  const claims = {
    "these rows": count * width * own,
    "a chunk": (chunks ?? []).reduce((a, b) => a * b, size),
  };
  for (const [name, bytes] of Object.entries(claims)) {
    if (bytes <= limits.readBytes) continue;
    const why = `${name} claim${name === "a chunk" ? "s" : ""} ${bytes} bytes`;
    throw limitFault(why, limits, "readBytes", path);
  }
}

function valuesOf(
  library: Hdf5Library,
  limits: Limits,
  rows: Rows,
): Hdf5Data {
  const { metadata, path, first, count, width } = rows;
  const { module } = library;
  const decoder = new Hdf5Decoder(module, limits, metadata, path);
  const all = new Uint8Array(count * width);
  if (all.length === 0) return decoder.decoded(all, metadata);
  const ragged = isRagged(metadata);
  const most = ragged ? count : stepOf(rows);
  const at = module._malloc(Math.min(most, count) * width);
  let data: Hdf5Data | undefined;
  for (let row = first; row < first + count;) {
    // Steps end with a chunk, which is unpacked for each step that needs it.
    const end = Math.min(row + most - row % most, first + count);
    const step = { ...rows, first: row, count: end - row };
    readStep(library, step, at);
    const bytes = module.HEAPU8.subarray(at, at + step.count * width);
    all.set(bytes, (row - first) * width);
    if (ragged) {
      data = library.do(() => decoder.decoded(all, metadata), path);
      reclaim(library, step, at);
    }
    row = end;
  }
  module._free(at);
  return data ?? decoder.decoded(all, metadata);
}

/** Rows of one read by the library. */
function stepOf({ metadata, width }: Rows): number {
  const [chunk = 1] = metadata.chunks ?? [];
  const rows = Math.max(1, Math.floor(STEP_BYTES / width));
  return Math.max(chunk, rows - rows % chunk);
}

function readStep(library: Hdf5Library, step: Rows, at: number): void {
  const { path } = step;
  const { file } = library;
  const { count, offset, stride } = slabOf(step);
  library.do(
    (module) =>
      module.get_dataset_data(file, path, count, offset, stride, BigInt(at)),
    path,
  );
}

function reclaim(library: Hdf5Library, step: Rows, at: number): void {
  const { path } = step;
  const { file } = library;
  const { count } = slabOf(step);
  library.do(
    (module) =>
      count === null
        ? module.reclaim_vlen_memory(file, path, "", BigInt(at))
        : module.reclaim_vlen_memory_count(file, path, "", BigInt(at), count),
    path,
  );
}

/** Part of a dataset in the library's terms; null of a scalar. */
function slabOf(
  { metadata, first, count }: Rows,
): Record<"count" | "offset" | "stride", bigint[] | null> {
  const [length, ...rest] = metadata.shape ?? [];
  if (length === undefined) return { count: null, offset: null, stride: null };
  return {
    count: [count, ...rest].map(BigInt),
    offset: [first, ...rest.map(() => 0)].map(BigInt),
    stride: [1, ...rest.map(() => 1)].map(BigInt),
  };
}
