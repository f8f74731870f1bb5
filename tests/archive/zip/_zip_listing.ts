import { readZipDirectory } from "../../../src/archive/zip/_directory.ts";
import { DEFAULT_LIMITS } from "../../../src/base/limits.ts";
import { assertEquals } from "../../support/assert.ts";
import { countingSource } from "../../support/archives/byte_sources.ts";
import { type ListedEntry, zipJsListing } from "./_zip_reference.ts";

/** Files that a zip named `a.zip` lists. */
export async function listing(bytes: Uint8Array): Promise<ListedEntry[]> {
  const source = countingSource(bytes, "a.zip");
  const entries = await readZipDirectory(source, DEFAULT_LIMITS);
  return entries.map(({ limit: _limit, ...entry }) => entry);
}

/** Files that a zip lists, checked against zip.js. */
export async function listsAsZipJs(bytes: Uint8Array): Promise<ListedEntry[]> {
  const listed = await listing(bytes);
  assertEquals({ entries: listed, doubts: [] }, await zipJsListing(bytes));
  return listed;
}
