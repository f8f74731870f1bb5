import { gunzipSync, gzipSync } from "node:zlib";
import { type TgzMember, tgzMembers } from "../../../src/archive/tar/tgz.ts";

const FIXTURES = new URL("../../fixtures/tgz/", import.meta.url);
const ENCODER = new TextEncoder();

const PIECE = 1 << 16;

/** Bytes of a block. */
export const BLOCK = 512;

/** A tarball of the fixture folder. */
export function tarball(name: string): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL(name, FIXTURES));
}

/** Unpacks a tarball. */
export function tarOf(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gunzipSync(tarball(name)));
}

/** Packs a tar, valid or not, into valid gzip. */
export function packed(tar: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(tar));
}

/** Joins bytes. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Writes text or bytes into a copy of a tar, and corrects header checksums. */
export function editedTar(
  tar: Uint8Array,
  header: number,
  ...edits: readonly (readonly [at: number, bytes: string | Uint8Array])[]
): Uint8Array {
  const copy = tar.slice();
  for (const [at, bytes] of edits) {
    const raw = typeof bytes === "string" ? ENCODER.encode(bytes) : bytes;
    copy.set(raw, header + at);
  }
  const sum = copy.subarray(header, header + BLOCK).reduce(
    (total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte),
    0,
  );
  const digits = `${sum.toString(8).padStart(6, "0")}\0 `;
  copy.set(ENCODER.encode(digits), header + 148);
  return copy;
}

/** Offset of a member's header in a tar. */
export function headerAt(tar: Uint8Array, path: string): number {
  const wanted = ENCODER.encode(`${path}\0`);
  for (let at = 0; at < tar.length; at += BLOCK) {
    if (wanted.every((byte, i) => tar[at + i] === byte)) return at;
  }
  throw new RangeError(
    `Cannot find header: path is ${path}, expected a member`,
  );
}

/** Noise, which does not compress. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    return state >>> 24;
  });
}

/** A tar whose second member is long noise. */
export function longTar(length: number): Uint8Array {
  const pax = tarOf("pax.tgz");
  const at = headerAt(pax, "P/P.resp.h5");
  const size = length.toString(8).padStart(11, "0");
  const tar = editedTar(pax, at, [124, size]);
  const body = new Uint8Array(Math.ceil(length / 512) * 512);
  body.set(noise(length));
  const head = tar.subarray(0, at + 512);
  return joined(head, body, tar.subarray(at + 512 + 10240));
}

/** Bytes as a stream that records its reads. */
export class Source {
  /** Bytes read so far. */
  read = 0;
  /** Reason of the cancellation. */
  cancelled?: { readonly reason: unknown };
  readonly stream: ReadableStream<Uint8Array>;

  /**
   * @param piece Bytes per read, 64 KiB by default.
   * @param last Called at the end of the bytes in place of ending the stream.
   */
  constructor(
    bytes: Uint8Array,
    piece?: number,
    last?: (
      controller: ReadableStreamDefaultController,
    ) => Promise<void> | void,
  ) {
    this.stream = new ReadableStream<Uint8Array>({
      pull: (controller): Promise<void> | void => {
        if (this.read >= bytes.length) {
          return last ? last(controller) : controller.close();
        }
        const part = bytes.slice(this.read, this.read + (piece ?? PIECE));
        this.read += part.length;
        controller.enqueue(part);
      },
      cancel: (reason): void => {
        this.cancelled = { reason };
      },
    }, { highWaterMark: 0 });
  }
}

/** Reads the wanted members of a tarball. */
export function unpacked(
  bytes: Uint8Array,
  want?: (path: string) => boolean,
  piece?: number,
): Promise<TgzMember[]> {
  const { stream } = new Source(bytes, piece);
  const place = { archive: "a.zip", member: "recordings/P.tgz" };
  return Array.fromAsync(tgzMembers(stream, want ?? (() => true), place));
}
