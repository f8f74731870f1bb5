import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip-js/zip-js";

/** Files of a zip, by path. */
export type ZipContents = Readonly<Record<string, Uint8Array>>;

/**
 * Makes a zip by zip.js, for content that is too large for a fixture.
 *
 * @param contents Its files.
 * @param level 0 stores, 6 deflates.
 */
export async function makeZip(
  contents: ZipContents,
  level: 0 | 6 = 6,
): Promise<Uint8Array> {
  const target = new Uint8ArrayWriter();
  const writer = new ZipWriter(target, {
    level,
    useWebWorkers: false,
    useCompressionStream: false,
  });
  for (const [path, bytes] of Object.entries(contents)) {
    await writer.add(path, new Uint8ArrayReader(bytes));
  }
  await writer.close();
  return await target.getData();
}
