import { FormatError, RecordingError } from "../errors.ts";
import { checkedLimits, type Limits } from "../base/limits.ts";
import { checkOptions } from "../base/check.ts";
import { isFolder } from "../platform/files.ts";
import type { ReadOptions } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { DatasetDraft } from "../dataset/dataset_draft.ts";
import type { NeuralDataset } from "../dataset/neural_dataset.ts";
import {
  type ArrayHead,
  type ArrayRecord,
  type ResponseHead,
  type StimulusHead,
  UNIT_OF_SAMPLES,
} from "./files/array_record.ts";
import { StoredSessions } from "./_stored_sessions.ts";
import { openFile } from "./files/open_file.ts";
import type { ArrayReader } from "./files/stored_array.ts";

/** Options for {@linkcode readDataset}. */
export interface ReadDatasetOptions extends ReadOptions {
  /**
   * Most that the file may claim: `members` arrays, `directoryBytes` of a zip's
   * directory or of Zarr's metadata, `memberBytes` of a member of a zip or a line
   * of NDJSON, `arrayElements` of an array.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Partial<Limits>;
}

/**
 * Reads a dataset from a file of {@linkcode toNdjson}, {@linkcode toNpz},
 * {@linkcode toSafetensors} or {@linkcode toZarr}.
 *
 * - Equals the dataset that `toDataset()` makes of the same sessions, or the one
 *   whose `sessions()` were written. The content determines the format.
 * - Arrays in files keep their own T: each stimulus and its responses are cut to
 *   the bins that all of them have.
 * - In memory: the dataset and one more array.
 *
 * @example Continuing with the data of an earlier run
 * ```ts
 * import { readDataset } from "rxephys";
 *
 * const load = () => readDataset("wehr.zarr");
 * ```
 *
 * @param path Path of the file, or of the Zarr folder; no pipe or device.
 * @throws {DataNotFoundError} If there is no such file, or it may not be read.
 * @throws {FormatError} If no sink wrote it.
 * @throws {ArchiveError} If it is damaged or truncated.
 * @throws {LimitError} If it claims more than `limits` allow, or than it can hold.
 * @throws {RecordingError} If its chain had no `bin()` and `mask()`.
 */
export async function readDataset(
  path: string,
  options: ReadDatasetOptions = {},
): Promise<NeuralDataset> {
  if (typeof path !== "string") {
    throw new TypeError(
      `Cannot read dataset: path is ${String(path)}, expected a string`,
    );
  }
  checkOptions("read dataset", options, ["signal", "limits"]);
  const limits = checkedLimits("read dataset", options.limits);
  options.signal?.throwIfAborted();
  const reader = await readerOf(path);
  const read = (): ReturnType<ArrayReader> =>
    reader(path, { ...options, limits });
  const draft = new DatasetDraft();
  const sessions = new StoredSessions(draft);
  const names = new Set<string>();
  for await (const stored of read()) {
    const { tally, cells = [] } = stored.head;
    if (tally) draft.addTally(tally);
    sessions.addListed(cells);
    if (!("values" in stored)) continue;
    checkOrder(stored.head, names, path);
    addArray(draft, sessions, stored, path);
  }
  return finished(draft, path);
}

/** Reader of the format, which is loaded only now. */
async function readerOf(path: string): Promise<ArrayReader> {
  if (await isFolder(path).catch(() => false)) {
    return (await import("./files/read_zarr.ts")).readZarr;
  }
  using file = await openFile(path);
  const start = await file.readAt(0, Math.min(9, file.size));
  const text = String.fromCharCode(...start);
  if (text.startsWith("PK")) {
    return (await import("./files/read_npz.ts")).readNpz;
  }
  if (text.startsWith("{")) {
    return (await import("./files/read_ndjson.ts")).readNdjson;
  }
  if (text[8] === "{") {
    return (await import("./files/read_safetensors.ts")).readSafetensors;
  }
  throw new FormatError(
    "Cannot read dataset: it is none of NDJSON, NPZ, safetensors and Zarr",
    { archive: path, offset: 0 },
  );
}

function finished(draft: DatasetDraft, archive: string): NeuralDataset {
  try {
    return draft.finish();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    // Contradicting arrays are a fault of the file, not of the call.
    throw new FormatError(cause.message, { archive, cause });
  }
}

function checkOrder(
  { name, type, stimulus }: ArrayHead,
  names: Set<string>,
  archive: string,
): void {
  const isInOrder = type === "stimulus"
    ? stimulus === 0 || names.has(`stimuli/${stimulus - 1}`)
    : names.has(`stimuli/${stimulus}`);
  if (names.has(name) || !isInOrder) {
    throw new FormatError("Cannot read dataset: an array is out of its order", {
      archive,
      member: name,
    });
  }
  names.add(name);
}

function addArray(
  draft: DatasetDraft,
  sessions: StoredSessions,
  { head, values }: ArrayRecord,
  archive: string,
): void {
  const { stimulus: stim } = head;
  if (head.type === "stimulus") {
    const { key, meta, durationMs } = head;
    const tensor = stimulusTensor(head, values, archive);
    sessions.enterStimulus(head);
    draft.addStimulus(stim, { tensor, key, meta, durationMs });
  } else {
    const { cell, meta } = head;
    const response = responseTensor(head, values, archive);
    sessions.enterResponse(head);
    draft.addPair({ stim, cell, response }, meta);
  }
}

function stimulusTensor(
  { name, shape, unit, dtMs, samplesPerBin, ...bands }: StimulusHead,
  data: Float32Array,
  archive: string,
): Tensor {
  const isAligned = shape.length === (samplesPerBin === undefined ? 3 : 2);
  if (dtMs === undefined || !isAligned) throw notAlignedError(name, archive);
  const { bandsHz, bandRangeHz } = bands;
  if (bandsHz !== undefined && !areBands(bandsHz, shape)) {
    throw new FormatError(
      `Cannot read dataset: bandsHz is no list of ${shape[1]} frequencies`,
      { archive, member: name },
    );
  }
  return {
    data,
    shape,
    ...(unit !== undefined && unit !== UNIT_OF_SAMPLES && { unit }),
    dtMs,
    ...(samplesPerBin !== undefined && { samplesPerBin }),
    ...(bandsHz !== undefined && { bandsHz }),
    ...(bandRangeHz !== undefined && { bandRangeHz }),
  };
}

function areBands(bandsHz: unknown, [, bands]: readonly number[]): boolean {
  return Array.isArray(bandsHz) && bandsHz.length === bands &&
    bandsHz.every((hz) => typeof hz === "number" && hz > 0);
}

function responseTensor(
  { name, shape, dtMs, unit }: ResponseHead,
  data: Float32Array,
  archive: string,
): Tensor {
  if (dtMs === undefined || shape?.length !== 2) {
    throw notAlignedError(name, archive);
  }
  return { data, shape, ...(unit !== undefined && { unit }), dtMs };
}

function notAlignedError(member: string, archive: string): RecordingError {
  return new RecordingError(
    "Cannot read dataset: an array is not binned and aligned, expected " +
      "bin() and mask() before it was written",
    { archive, member },
  );
}
