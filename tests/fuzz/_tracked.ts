import { ArchiveError } from "../../src/errors.ts";
import type { ByteSource } from "../../src/archive/bytes/byte_source.ts";

const PIECE = 1000;

/** Bytes as a stream; disposal throws if it was neither read to its end nor cancelled. */
export class TrackedStream implements Disposable {
  readonly stream: ReadableStream<Uint8Array>;
  #isOpen = true;

  constructor(bytes: Uint8Array) {
    let at = 0;
    this.stream = new ReadableStream<Uint8Array>({
      pull: (controller): void => {
        if (at < bytes.length) {
          controller.enqueue(bytes.slice(at, at += PIECE));
          return;
        }
        this.#isOpen = false;
        controller.close();
      },
      cancel: (): void => {
        this.#isOpen = false;
      },
    }, { highWaterMark: 0 });
  }

  [Symbol.dispose](): void {
    if (this.#isOpen) throw new Error("the stream was left open");
  }
}

/** Bytes at random access; disposal throws if a read is pending. */
export function trackedSource(bytes: Uint8Array): ByteSource & Disposable {
  let pending = 0;
  return {
    name: "a.zip",
    size: bytes.length,
    async read(offset, length): Promise<Uint8Array> {
      pending++;
      await Promise.resolve();
      pending--;
      if (offset < 0 || offset + length > bytes.length) {
        throw new ArchiveError("Cannot read file: it ends before", { offset });
      }
      return bytes.slice(offset, offset + length);
    },
    [Symbol.dispose](): void {
      if (pending > 0) throw new Error(`${pending} reads were left pending`);
    },
  };
}
