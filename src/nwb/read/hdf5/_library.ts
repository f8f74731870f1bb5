import * as h5wasm from "h5wasm";
import { DEFAULT_LIMITS, type Limits } from "../../../base/limits.ts";
import { FileNode, type FileSystem, type RandomFile } from "./file_node.ts";
import {
  Fault,
  faultAfter,
  formatFault,
  limitFault,
  otherFileFault,
} from "./_fault.ts";

/** The library's functions and memory. */
export type H5Module = typeof h5wasm.Module;

/** ENOENT by WASI's numbers. */
const ENOENT = 44;
/** Memory beside the arrays that are read, in bytes. */
const BASE_BYTES = 64 << 20;

interface Stream {
  stream_ops: Record<string, unknown>;
}

/** Part of emscripten's file system. */
interface GuardedFiles extends FileSystem {
  open(path: string, ...rest: unknown[]): unknown;
  getStream(number: number): Stream;
}

/**
 * The library and the one file that it has open.
 *
 * HDF5 reports errors on the standard error stream, and then continues as C
 * programs expect. An exception that is thrown out of it instead, as by h5wasm's
 * throwing error handler, skips the cleanup of all functions on the stack.
 */
export class Hdf5Library {
  readonly module: H5Module;
  readonly #files: GuardedFiles;
  #limits = DEFAULT_LIMITS;
  #report = "";
  #refusedFile: string | undefined;
  #isMemoryRefused = false;
  #path = "";
  #node: FileNode | undefined;
  #file = 0n;

  private constructor(module: H5Module) {
    this.module = module;
    this.#files = module.FS as unknown as GuardedFiles;
    this.#collectReports();
    this.#refuseOtherFiles();
    this.#boundMemory();
    // Filters would be sought in folders of the machine that built the library.
    for (const _ of module.get_plugin_search_paths()) {
      module.remove_plugin_search_path(0);
    }
  }

  /** Loads the library, which is done once per thread. */
  static async load(): Promise<Hdf5Library> {
    return new Hdf5Library(await h5wasm.ready);
  }

  /**
   * Opens a file; the one before must be closed.
   *
   * @throws {Fault} As {@linkcode do}.
   */
  open(file: RandomFile, size: number, limits: Limits): void {
    this.#limits = limits;
    this.#path = `/${crypto.randomUUID()}.h5`;
    this.#node = new FileNode(this.#files, this.#path, file, size);
    const { H5F_ACC_RDONLY } = this.module;
    this.#file = this.do((module) =>
      module.open(this.#path, H5F_ACC_RDONLY, false, -1, -1)
    );
  }

  /**
   * Closes the file.
   *
   * @throws {Fault} If that fails.
   */
  close(): void {
    if (this.#path === "") return;
    const file = this.#file;
    this.#file = 0n;
    if (file !== 0n) this.do((module) => module.close_file(file));
    this.#files.unlink(this.#path);
    this.#path = "";
    this.#node = undefined;
  }

  /** Bytes of the library's memory, which never shrinks. */
  get heapBytes(): number {
    return this.module.HEAPU8.length;
  }

  /** Number by which the functions of the library name the file. */
  get file(): bigint {
    return this.#file;
  }

  /**
   * Calls functions of the library.
   *
   * @param member Object that they read.
   * @throws {Fault} If it reports an error, or breaks.
   * @throws The error of a failed read of the file's bytes.
   */
  do<Result>(act: (module: H5Module) => Result, member?: string): Result {
    this.#report = "";
    this.#isMemoryRefused = false;
    this.#refusedFile = undefined;
    let result: Result;
    try {
      result = act(this.module);
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw this.#fault(member, error);
    }
    if (this.#refusedFile === undefined && this.#report === "") return result;
    throw this.#fault(member);
  }

  /**
   * As {@linkcode do}; undefined if the library reports that there is no such
   * thing.
   *
   * @throws {Fault} If the thing is in another file.
   */
  find<Result>(
    act: (module: H5Module) => Result,
    member: string,
  ): Result | undefined {
    return this.do((module) => {
      const result = act(module);
      if (this.#isMemoryRefused || this.#node?.hasFailed) return result;
      const [report, refused] = [this.#report, this.#refusedFile];
      this.#report = "";
      this.#refusedFile = undefined;
      if (refused !== undefined) throw otherFileFault(refused, member);
      return report === "" ? result : undefined;
    }, member);
  }

  #fault(member?: string, thrown?: unknown): Fault {
    this.#node?.throwIfFailed();
    // Functions that an exception or a failed allocation ends clean nothing up.
    const isBroken = thrown !== undefined || this.#isMemoryRefused;
    const reason = this.#reason(member, thrown);
    return faultAfter(reason, isBroken ? "broken" : "failed");
  }

  #reason(member?: string, thrown?: unknown): Fault {
    if (this.#isMemoryRefused) {
      const most = this.#limits.readBytes + BASE_BYTES;
      const why = `the library needs more than ${most} bytes of memory`;
      return limitFault(why, this.#limits, "readBytes", member);
    }
    if (this.#refusedFile !== undefined) {
      return otherFileFault(this.#refusedFile, member);
    }
    return formatFault(reasonOf(this.#report, thrown), member);
  }

  #collectReports(): void {
    const decoder = new TextDecoder();
    const errors = this.#files.getStream(2);
    errors.stream_ops = {
      ...errors.stream_ops,
      write: (_: Stream, heap: Int8Array, at: number, length: number) => {
        const bytes = new Uint8Array(heap.buffer, at, length);
        // A damaged tree can fill a report without end.
        if (this.#report.length < 1 << 16) {
          this.#report += decoder.decode(bytes);
        }
        return length;
      },
    };
  }

  /** An external link or an external dataset could name any file or device. */
  #refuseOtherFiles(): void {
    const files = this.#files;
    const { ErrnoError } = files;
    const open = files.open.bind(files);
    files.open = (path, ...rest): unknown => {
      if (path === this.#path) return open(path, ...rest);
      this.#refusedFile ??= path;
      throw new ErrnoError(ENOENT);
    };
  }

  /** A small file can unpack to any size; the library's memory only grows. */
  #boundMemory(): void {
    const { prototype } = WebAssembly.Memory;
    const { grow } = prototype;
    const refuses = (bytes: number): boolean => {
      const isOver = bytes > this.#limits.readBytes + BASE_BYTES;
      this.#isMemoryRefused ||= isOver;
      return isOver;
    };
    prototype.grow = function (pages: number): number {
      if (!refuses(this.buffer.byteLength + (pages << 16))) {
        return grow.call(this, pages);
      }
      throw new RangeError("Cannot grow: a limit is reached");
    };
  }
}

/** The innermost entry of HDF5's report, which says most. */
function reasonOf(report: string, thrown: unknown): string {
  const entries = [...report.matchAll(/#\d+: .* in \w+\(\): (.*)/g)];
  const reason = entries.at(-1)?.[1];
  if (reason !== undefined) return reason;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return `the library failed on it (${text.split("\n", 1)[0]})`;
}
