import type { ReadOptions } from "../base/abort.ts";
import { elements, textOf } from "../s3/xml.ts";
import type { S3Object } from "./_s3_object.ts";
import type { PlaceEntry } from "./place.ts";

/** Longest page: 1000 keys of 1024 bytes, escaped, with what is said of each. */
const MAX_PAGE = 8 << 20;

/** Options of {@linkcode listedObjects}. */
export interface ListOptions extends ReadOptions {
  /**
   * Most objects of a page.
   *
   * @default {1000}
   */
  readonly pageKeys?: number;
}

/**
 * Lists the objects of a bucket whose keys begin with a text, page by page, in the
 * order of the keys (`ListObjectsV2`).
 *
 * @throws {DownloadError} If the store sends no list, or one out of order, which
 * may never end.
 */
export async function* listedObjects(
  bucket: S3Object,
  prefix: string,
  { signal, pageKeys = 1000 }: ListOptions,
): AsyncGenerator<PlaceEntry> {
  let [last, token] = ["", ""];
  while (true) {
    const query = new URLSearchParams({
      "list-type": "2",
      "encoding-type": "url",
      "max-keys": String(pageKeys),
      prefix,
      ...(token !== "" && { "continuation-token": token }),
    });
    const xml = await bucket.text({ signal }, `?${query}`, MAX_PAGE);
    for (const entry of entriesOf(bucket, xml)) {
      // Others are in the order of their UTF-8, and no keys of a place.
      if (!/^[\x20-\x7e]*$/.test(entry.key)) continue;
      if (entry.key <= last || !entry.key.startsWith(prefix)) {
        throw bucket.fault("it lists its objects out of order");
      }
      last = entry.key;
      yield entry;
    }
    if (textOf(xml, "IsTruncated") !== "true") return;
    const next = textOf(xml, "NextContinuationToken") ?? "";
    if (next === "" || next === token) {
      throw bucket.fault("its list does not go on where a page ends");
    }
    token = next;
  }
}

function* entriesOf(bucket: S3Object, xml: string): Generator<PlaceEntry> {
  if (!xml.includes("<ListBucketResult")) {
    throw bucket.fault("it sends no list");
  }
  const isEscaped = textOf(xml, "EncodingType") === "url";
  for (const content of elements(xml, "Contents")) {
    const name = textOf(content, "Key");
    const size = textOf(content, "Size") ?? "";
    if (name === undefined || !/^\d{1,15}$/.test(size)) {
      throw bucket.fault("it lists an object without name or size");
    }
    const key = isEscaped ? unescaped(name) : name;
    yield { key, bytes: Number(size) };
  }
}

function unescaped(name: string): string {
  return new URLSearchParams(`key=${name}`).get("key") ?? name;
}
