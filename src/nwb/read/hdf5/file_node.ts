import type { OpenFile } from "../../../platform/files.ts";

/** EIO, the error of a failed device, by WASI's numbers. */
const EIO = 29;

/** Part of emscripten's file system, which is in memory. */
export interface FileSystem {
  readonly ErrnoError: new (errno: number) => Error;
  writeFile(path: string, bytes: Uint8Array): void;
  unlink(path: string): void;
  lookupPath(path: string): { readonly node: Node };
}

/** File or device whose bytes a {@linkcode FileNode} hands over. */
export type RandomFile = Pick<
  OpenFile,
  "readSync" | "writeSync" | "seekSync" | "truncateSync"
>;

interface Node {
  node_ops: Record<string, unknown>;
  stream_ops: Record<string, unknown>;
}

/** Reads or writes bytes of emscripten's memory at a position of a file. */
type Transfer = (
  stream: unknown,
  heap: Int8Array,
  at: number,
  length: number,
  position: number,
) => number;

/** File of emscripten's file system whose bytes are those of an open file. */
export class FileNode {
  readonly #fs: FileSystem;
  readonly #file: RandomFile;
  #size: number;
  #fault: { readonly cause: unknown } | undefined;
  #isDiscarded = false;

  /** @param size Length of the file in bytes. */
  constructor(
    fs: FileSystem,
    path: string,
    file: RandomFile,
    size: number = 0,
  ) {
    this.#fs = fs;
    this.#file = file;
    this.#size = size;
    fs.writeFile(path, new Uint8Array(0));
    const { node } = fs.lookupPath(path);
    const { getattr } = node.node_ops as {
      getattr(node: Node): Record<string, unknown>;
    };
    node.node_ops = {
      ...node.node_ops,
      getattr: (of: Node) => ({ ...getattr(of), size: this.#size }),
      setattr: (_: Node, { size }: { readonly size?: number }) => {
        if (size !== undefined) this.#truncate(size);
      },
    };
    const read: Transfer = (_, heap, at, length, position) =>
      this.#read(bytesAt(heap, at, length), position);
    const write: Transfer = (_, heap, at, length, position) =>
      this.#write(bytesAt(heap, at, length), position);
    node.stream_ops = { ...node.stream_ops, read, write };
  }

  /** Whether a read or a write has failed. */
  get hasFailed(): boolean {
    return this.#fault !== undefined;
  }

  /** Throws the error that a read or a write has met. */
  throwIfFailed(): void {
    if (this.#fault) throw this.#fault.cause;
  }

  /** Makes all further writes go nowhere, so that a broken file can be closed. */
  discard(): void {
    this.#isDiscarded = true;
  }

  #truncate(size: number): void {
    this.#size = size;
    this.#guarded(() => this.#file.truncateSync(size), undefined);
  }

  #read(into: Uint8Array, position: number): number {
    return this.#guarded(() => {
      this.#file.seekSync(position);
      let read = 0;
      while (read < into.length) {
        const count = this.#file.readSync(into.subarray(read));
        if (count === null) break;
        read += count;
      }
      return read;
    }, 0);
  }

  #write(bytes: Uint8Array, position: number): number {
    this.#size = Math.max(this.#size, position + bytes.length);
    return this.#guarded(() => {
      this.#file.seekSync(position);
      for (let at = 0; at < bytes.length;) {
        at += this.#file.writeSync(bytes.subarray(at));
      }
      return bytes.length;
    }, bytes.length);
  }

  /** An exception must not pass through HDF5: it gets an error number. */
  #guarded<Result>(act: () => Result, discarded: Result): Result {
    if (this.#isDiscarded) return discarded;
    try {
      return act();
    } catch (cause) {
      this.#fault ??= { cause };
      throw new this.#fs.ErrnoError(EIO);
    }
  }
}

/** Bytes of the library's memory, which it hands over as signed ones. */
function bytesAt(
  { buffer }: Int8Array,
  at: number,
  length: number,
): Uint8Array {
  return new Uint8Array(buffer, at, length);
}
