import { OutputError } from "../../errors.ts";
import { type OpenFile, removeIfThere } from "../../platform/files.ts";
import { openOwnFile } from "../../platform/own_file.ts";
import { crc32 } from "../../platform/zlib.ts";
import type {
  KeptRead,
  ReadKeeper,
  ReadResult,
} from "../../stream/kept_reads.ts";
import { encodedRead, type ReadRecord, restoredRead } from "./_read_record.ts";

/** Place of a record in the file. */
interface Extent {
  readonly offset: number;
  /** Bytes of the samples, which come first. */
  readonly samples: number;
  /** Bytes of the samples and the head. */
  readonly size: number;
  readonly crc32: number;
}

/**
 * Keeps results in a temporary file until the sink reads them: in memory are one
 * result, and some 100 bytes for each other one. Reads and writes are without a
 * promise, so that they never overlap.
 */
export class ReadSpill implements ReadKeeper {
  readonly #act: string;
  readonly #path: string;
  /** Holds one record; as large as the largest one so far. */
  #buffer = new Uint8Array(0);
  #opening: Promise<OpenFile> | undefined;
  #file: OpenFile | undefined;
  #size = 0;
  #isOver = false;

  /**
   * @param act Completes "Cannot ...".
   * @param path Path of the file; created when the first result is kept.
   */
  constructor(act: string, path: string) {
    this.#act = act;
    this.#path = path;
  }

  /**
   * Keeps a result; drops it once the spill has ended.
   *
   * @throws {OutputError} If the file cannot be written.
   */
  async keep<Result extends ReadResult>(
    result: Result,
  ): Promise<KeptRead<Result>> {
    if (this.#isOver) return { take: nothing };
    const file = this.#file ?? await (this.#opening ??= this.#open());
    if (this.#isOver) return { take: nothing };
    const extent = this.#append(file, encodedRead(result));
    // deno-lint-ignore require-await -- A failure rejects.
    return { take: async () => this.#taken(file, extent) as Result };
  }

  /** Settles once the file is open; undefined if it is not being opened. */
  get pending(): Promise<unknown> | undefined {
    const isOpening = this.#opening !== undefined && this.#file === undefined;
    return isOpening ? Promise.allSettled([this.#opening]) : undefined;
  }

  /**
   * Closes and removes the file, once {@linkcode pending} has settled. What it
   * keeps is then read again.
   */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#file?.close();
    this.#buffer = new Uint8Array(0);
    // A run that was killed may have left one.
    removeIfThere(this.#path);
  }

  async #open(): Promise<OpenFile> {
    let file: OpenFile | undefined;
    try {
      file = await openOwnFile(this.#path);
      await file.truncate(0);
      return this.#file = file;
    } catch (error) {
      file?.close();
      throw this.#error(error);
    }
  }

  #append(file: OpenFile, { samples, head }: ReadRecord): Extent {
    const sampleBytes = samples.reduce((sum, part) => sum + part.byteLength, 0);
    const size = sampleBytes + head.length;
    const record = this.#room(size);
    let at = 0;
    for (const part of [...samples, head]) {
      record.set(part, at);
      at += part.length;
    }
    const offset = this.#size;
    try {
      file.seekSync(offset);
      for (let done = 0; done < size;) {
        done += file.writeSync(record.subarray(done));
      }
    } catch (error) {
      throw this.#error(error);
    }
    this.#size += size;
    return { offset, samples: sampleBytes, size, crc32: crc32(record) };
  }

  #taken(file: OpenFile, extent: Extent): ReadResult | undefined {
    if (this.#isOver) return undefined;
    const { offset, samples, size } = extent;
    const record = this.#room(size);
    let done = 0;
    try {
      file.seekSync(offset);
      while (done < size) {
        const read = file.readSync(record.subarray(done));
        if (read === null) break;
        done += read;
      }
    } catch (error) {
      throw this.#error(error);
    }
    if (done < size || crc32(record) !== extent.crc32) throw this.#damaged();
    return restoredRead(record, samples);
  }

  #room(size: number): Uint8Array {
    if (this.#buffer.length < size) this.#buffer = new Uint8Array(size);
    return this.#buffer.subarray(0, size);
  }

  #damaged(): OutputError {
    return new OutputError(
      `Cannot ${this.#act}: another program changed a temporary file meanwhile`,
      { path: this.#path },
    );
  }

  #error(cause: unknown): OutputError {
    if (cause instanceof OutputError) return cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new OutputError(`Cannot ${this.#act}: ${reason}`, {
      path: this.#path,
      cause,
    });
  }
}

function nothing(): Promise<undefined> {
  return Promise.resolve(undefined);
}
