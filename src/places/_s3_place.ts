import { fileSource } from "../archive/bytes/byte_source.ts";
import type { ReadOptions } from "../base/abort.ts";
import { DataNotFoundError, UnsupportedError } from "../errors.ts";
import type { S3Address } from "../http/s3_address.ts";
import type { S3Sender } from "../s3/sender.ts";
import { listedObjects } from "./_s3_listing.ts";
import { temporaryCopy } from "./_s3_copy.ts";
import { S3Object, UNLESS_THERE, writerHeaders } from "./_s3_object.ts";
import { putParts } from "./_s3_parts.ts";
import { localSize } from "./_local_file.ts";
import {
  checkKey,
  checkPrefix,
  type GetOptions,
  isKey,
  type Place,
  type PlaceEntry,
  type PlaceFile,
  type Stored,
} from "./place.ts";

/** Options of {@linkcode S3Place}. */
export interface S3PlaceOptions {
  /** Sends the requests. */
  readonly sender: S3Sender;
  /** Folder of temporary copies; the system's by default. */
  readonly temporaryFolder?: string | undefined;
  /**
   * Bytes of a part of a large object; S3 takes at least 5 MiB.
   *
   * @default {8_388_608}
   */
  readonly partBytes?: number;
}

/** Prefix in an S3-compatible store as a place: an object is one of the store. */
export class S3Place implements Place {
  readonly name: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #sender: S3Sender;
  readonly #temporaryFolder: string | undefined;
  readonly #partBytes: number;
  /** Whether the store has shown that it replaces no object. */
  #isConditional = false;

  /** @param address Bucket, and the prefix without a slash at its end. */
  constructor({ bucket, key }: S3Address, options: S3PlaceOptions) {
    this.name = `s3://${bucket}${key === "" ? "" : `/${key}`}`;
    this.#bucket = bucket;
    this.#prefix = key === "" ? "" : `${key}/`;
    this.#sender = options.sender;
    this.#temporaryFolder = options.temporaryFolder;
    this.#partBytes = options.partBytes ?? 8 << 20;
  }

  async get(
    key: string,
    { maxBytes, signal }: GetOptions,
  ): Promise<Uint8Array | undefined> {
    return await this.#object(key).body({ signal }, "", maxBytes);
  }

  async sizeOf(
    key: string,
    options: ReadOptions = {},
  ): Promise<number | undefined> {
    return (await this.#object(key).head(options))?.bytes;
  }

  async put(
    key: string,
    bytes: Uint8Array,
    options: ReadOptions = {},
  ): Promise<Stored> {
    const object = this.#object(key);
    const { signal } = options;
    const writer = crypto.randomUUID();
    const headers = { ...UNLESS_THERE, ...writerHeaders(writer) };
    const request = { method: "PUT", headers, body: bytes, signal };
    const status = await object.status(request, "", [200, 412]);
    if (status === 412) {
      this.#isConditional = true;
      const head = await object.head(options);
      return head?.writer === writer ? "stored" : "exists";
    }
    if (!this.#isConditional) {
      // The same bytes again: a store without the condition takes them, too.
      this.#isConditional =
        await object.status(request, "", [200, 412]) === 412;
      if (!this.#isConditional) throw this.#replacesError();
    }
    return "stored";
  }

  async putFile(
    key: string,
    path: string,
    options: ReadOptions = {},
  ): Promise<Stored> {
    const object = this.#object(key);
    const size = await localSize(path, options);
    if (await object.head(options) !== undefined) return "exists";
    const partBytes = this.#partBytes;
    if (size > partBytes) {
      return await putParts(object, { path, size, partBytes }, options);
    }
    const bytes = await fileSource(path, size).read(0, size, options);
    return await this.put(key, bytes, options);
  }

  async file(key: string, options: ReadOptions = {}): Promise<PlaceFile> {
    const object = this.#object(key);
    const head = await object.head(options);
    if (head === undefined) {
      throw new DataNotFoundError("Cannot read object: there is none", {
        archive: this.name,
        member: key,
      });
    }
    return await temporaryCopy(object, head, {
      ...options,
      folder: this.#temporaryFolder,
      pieceBytes: this.#partBytes,
    });
  }

  async *list(
    prefix: string,
    options: ReadOptions = {},
  ): AsyncGenerator<PlaceEntry> {
    options.signal?.throwIfAborted();
    checkPrefix(prefix);
    const bucket = this.#at("");
    const full = this.#prefix + prefix;
    for await (const { key, bytes } of listedObjects(bucket, full, options)) {
      const own = key.slice(this.#prefix.length);
      if (isKey(own)) yield { key: own, bytes };
    }
  }

  async remove(
    key: string,
    { signal }: ReadOptions = {},
  ): Promise<void> {
    const request = { method: "DELETE", signal };
    await this.#object(key).status(request, "", [200, 204, 404]);
  }

  #object(key: string): S3Object {
    checkKey(key);
    return this.#at(this.#prefix + key);
  }

  #at(key: string): S3Object {
    const address = { bucket: this.#bucket, key };
    return new S3Object(address, this.#sender);
  }

  #replacesError(): UnsupportedError {
    return new UnsupportedError(
      "Cannot use the store: it replaces objects in spite of If-None-Match, " +
        "expected a store with conditional writes",
      { archive: this.name },
    );
  }
}
