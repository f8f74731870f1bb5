import {
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip-js/zip-js";

/** Unpacks a zip to a folder by zip.js. */
export async function extract(zip: string, folder: string): Promise<void> {
  const reader = new ZipReader(
    new Uint8ArrayReader(await Deno.readFile(zip)),
    { useWebWorkers: false },
  );
  for (const entry of await reader.getEntries()) {
    const path = `${folder}/${entry.filename}`;
    if (entry.directory) {
      await Deno.mkdir(path, { recursive: true });
      continue;
    }
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const bytes = await (entry as FileEntry).getData(new Uint8ArrayWriter());
    await Deno.writeFile(path, bytes);
  }
  await reader.close();
}
