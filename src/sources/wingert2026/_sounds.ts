import { dirname, join } from "../../base/path.ts";
import { Budget } from "../../base/limits.ts";
import { roundHalfEven } from "../../base/numbers.ts";
import { DataNotFoundError } from "../../errors.ts";
import type { ReadOptions, Waveform } from "../../session.ts";
import type { Archive, ArchiveOptions } from "../../archive/archive.ts";
import { blobSource } from "../../archive/bytes/blob_source.ts";
import { findPath } from "../../archive/bytes/byte_source.ts";
import { openFolder } from "../../archive/folder.ts";
import { openHttpZip, openZip, zipArchive } from "../../archive/zip/zip.ts";
import {
  addressBeside,
  addressInFolder,
  isAddress,
  isFolderAddress,
} from "../../http/address.ts";
import { RATE_HZ } from "./_epochs.ts";

const ACT = "find the sounds";

/** Where the sounds are, and the silence before them; structured-cloneable. */
export interface SoundsOrigin {
  /** Path or address of `wav.zip`, a folder with its files, or the zip itself. */
  readonly wav: string | Blob | undefined;
  /** Recordings, beside which the sounds lie by default. */
  readonly recordings: string | Blob | undefined;
  /** Silence before each sound in ms. */
  readonly prestimMs: number;
}

/** Sounds of the release, as they were played. */
export class WingertSounds {
  readonly origin: SoundsOrigin;
  readonly #archive: Archive;
  /** Paths by name of the file in lower case. */
  readonly #paths: ReadonlyMap<string, string>;

  constructor(origin: SoundsOrigin, archive: Archive) {
    this.origin = origin;
    this.#archive = archive;
    this.#paths = new Map(
      archive.members.flatMap(({ path }) => {
        const name = /^(?:wav\/)?([^/]+\.wav)$/i.exec(path)?.[1];
        return name === undefined ? [] : [[name.toLowerCase(), path]];
      }),
    );
    if (this.#paths.size > 0) return;
    throw new DataNotFoundError(`Cannot ${ACT}: there is no *.wav`, {
      archive: archive.name,
    });
  }

  /** Description of the sounds with a checksum. */
  get stamp(): string {
    return this.#archive.stamp;
  }

  /**
   * Reads the sound of a stimulus: silence, the mean of its channels, and
   * silence to the end. A rate without a whole number of samples in a bin leaves
   * some samples after the last bin.
   *
   * @param stimulus Name of the stimulus, such as `STIM_seq0032.wav`.
   * @param bins Bins of the stimulus.
   * @throws {DataNotFoundError} If there is no sound of that name.
   * @throws {FormatError} If it is no WAV.
   */
  async read(
    stimulus: string,
    bins: number,
    options: ReadOptions,
  ): Promise<Waveform> {
    const file = stimulus.replace(/^STIM_/, "");
    const path = this.#paths.get(file.toLowerCase());
    if (path === undefined) {
      throw new DataNotFoundError(
        `Cannot read the sound of ${stimulus}: there is no ${file}`,
        { archive: this.#archive.name },
      );
    }
    const bytes = await this.#archive.read(path, options);
    // Loaded only now: few programs read sounds.
    const { decodedWav } = await import("../../wav/decoded_wav.ts");
    const place = this.#archive.locate(path);
    const { samples: sound, rateHz } = decodedWav(bytes, place, "mean");
    const length = bins * Math.ceil(rateHz / RATE_HZ);
    const { limits } = this.#archive;
    new Budget("read sound", limits, "readBytes").take(4 * length, place);
    const samples = new Float32Array(length);
    const start = roundHalfEven(this.origin.prestimMs / 1000 * rateHz);
    if (start < length) {
      const heard = sound.subarray(0, length - start);
      samples.set(Float32Array.from(heard), start);
    }
    return { samples, rateHz };
  }
}

/**
 * Opens the sounds: `wav.zip`, or a folder with its files. A zip takes precedence
 * over a folder because it is checked by CRC.
 *
 * @throws {DataNotFoundError} If there is none.
 */
export async function openSounds(
  origin: SoundsOrigin,
  options: ArchiveOptions,
): Promise<WingertSounds> {
  return new WingertSounds(origin, await soundArchive(origin, options));
}

async function soundArchive(
  { wav, recordings }: SoundsOrigin,
  options: ArchiveOptions,
): Promise<Archive> {
  if (wav instanceof Blob) return await zipArchive(blobSource(wav), options);
  if (wav !== undefined) {
    return isAddress(wav)
      ? await addressArchive(wav, options)
      : await pathArchive(wav, options);
  }
  if (typeof recordings !== "string") {
    throw new DataNotFoundError(
      `Cannot ${ACT}: the recordings are a file, expected data.wav beside it`,
    );
  }
  if (!isAddress(recordings)) return await besideArchive(recordings, options);
  const address = isFolderAddress(recordings)
    ? addressInFolder(recordings, "wav.zip")
    : addressBeside(recordings, "wav.zip");
  return await addressArchive(address, options);
}

async function addressArchive(
  address: string,
  options: ArchiveOptions,
): Promise<Archive> {
  const { HttpSender } = await import("../../publishers/sender.ts");
  const sender = new HttpSender();
  return (await openHttpZip(address, { ...options, sender })).archive;
}

async function pathArchive(
  path: string,
  options: ArchiveOptions,
): Promise<Archive> {
  const isFolder = (await findPath(ACT, path))?.isDirectory ?? false;
  return await (isFolder ? openFolder(path, options) : openZip(path, options));
}

async function besideArchive(
  recordings: string,
  options: ArchiveOptions,
): Promise<Archive> {
  const isZip = (await findPath(ACT, recordings))?.isFile ?? false;
  const folder = isZip ? dirname(recordings) : recordings;
  for (const name of ["wav.zip", "wav"]) {
    const path = join(folder, name);
    if (await findPath(ACT, path)) return await pathArchive(path, options);
  }
  throw new DataNotFoundError(
    `Cannot ${ACT}: there is neither wav.zip nor wav/ beside the recordings; ` +
      'download("wingert2026", { files: ["wav.zip"] }) fetches it',
    { archive: folder },
  );
}
