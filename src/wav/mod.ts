/**
 * Sounds in WAV files, for stimuli of your own.
 *
 * @module
 */

import { checkCount, checkOptions } from "../base/check.ts";
import type { ReadOptions } from "../base/abort.ts";
import { DataNotFoundError } from "../errors.ts";
import { fileReason } from "../platform/file_reason.ts";
import { isFileError, readBytes } from "../platform/files.ts";
import type { Waveform } from "../session.ts";
import { decodedWav } from "./decoded_wav.ts";

/** Options for {@linkcode readWav}. */
export interface ReadWavOptions extends ReadOptions {
  /**
   * Channel to read, counted from 0, or `mean` for the mean of all channels. A
   * file with several channels needs one of them.
   *
   * @default the only channel
   */
  readonly channel?: number | "mean";
}

/**
 * Reads one channel of a WAV file, or the mean of all.
 *
 * - Out: samples `[n]`, float32. Integers of `b` bits are divided by `2^(b - 1)`,
 *   so that full scale is -1 to 1; floats stay as they are.
 * - Reads PCM of 8, 16, 24 and 32 bits, floats of 32 and 64 bits, A-law and
 *   mu-law, also in files of the extensible format. Other chunks are skipped.
 * - The whole file is in memory while it is read.
 * - Decoded by `@echogarden/wave-codec` 0.4.0.
 *
 * @example A sound as a stimulus
 * ```ts
 * import { sessionsFrom } from "rxephys";
 * import { readWav } from "rxephys/wav";
 *
 * async function stimulus(path: string) {
 *   return { key: path, waveform: await readWav(path) };
 * }
 * ```
 *
 * @param file Path of the file, a `File` or a `Blob`, or the bytes themselves.
 * @throws {TypeError} If `file` or an option is of another type.
 * @throws {RangeError} If `channel` is not one of the file's, or is missing for
 * a file with several channels, or an option does not exist.
 * @throws {DataNotFoundError} If the file is not there or may not be read.
 * @throws {FormatError} If the file is no WAV, is cut short, holds no samples, or
 * is compressed in another way.
 * @throws {RecordingError} If its rate is not 1,000 to 1,000,000 Hz, or a sample
 * is not finite or 1e9 and more.
 */
export async function readWav(
  file: string | Blob | Uint8Array,
  options: ReadWavOptions = {},
): Promise<Waveform> {
  checkOptions<ReadWavOptions>(ACT, options, ["channel", "signal"]);
  const { channel, signal } = options;
  if (channel !== undefined && channel !== "mean") {
    checkCount(ACT, "channel", channel, 0);
  }
  signal?.throwIfAborted();
  const archive = nameOf(file);
  const bytes = await bytesOf(file);
  signal?.throwIfAborted();
  return decodedWav(bytes, { archive }, channel);
}

const ACT = "read WAV";

function nameOf(file: string | Blob | Uint8Array): string | undefined {
  if (typeof file === "string") return file;
  return file instanceof File ? file.name : undefined;
}

async function bytesOf(
  file: string | Blob | Uint8Array,
): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  if (file instanceof Blob) return new Uint8Array(await file.arrayBuffer());
  if (typeof file === "string") return await fileBytes(file);
  throw new TypeError(
    `Cannot ${ACT}: file is ${String(file)}, expected a path, a File, a Blob ` +
      "or bytes",
  );
}

async function fileBytes(archive: string): Promise<Uint8Array> {
  try {
    return await readBytes(archive);
  } catch (cause) {
    if (!isFileError(cause)) throw cause;
    const text = `Cannot ${ACT}: ${fileReason(cause)}`;
    throw new DataNotFoundError(text, { archive, cause });
  }
}
