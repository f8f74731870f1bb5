import { isFile, list, open } from "../../platform/files.ts";

/** Start of the root's `zarr.json` in every folder of `toZarr`. */
export const ROOT_START = '{"zarr_format":3,"node_type":"group","attributes":{';

/** Names in the root and in its two groups, beside `zarr.json`. */
const NAMES: Readonly<Record<string, RegExp>> = {
  "": /^(?:stimuli|responses)$/,
  "/stimuli": /^\d+$/,
  "/responses": /^\d+\.\d+$/,
};

/**
 * Whether all that a folder holds is what `toZarr` writes, down to the arrays; an
 * empty folder counts, too.
 */
export async function isZarrOutput(path: string): Promise<boolean> {
  let isEmpty = true;
  for await (const _ of list(path)) isEmpty = false;
  if (isEmpty) return true;
  if (!await startsAsRoot(`${path}/zarr.json`)) return false;
  for (const [group, names] of Object.entries(NAMES)) {
    for await (const { name, isDirectory } of list(path + group)) {
      if (isDirectory ? !names.test(name) : name !== "zarr.json") return false;
    }
  }
  return true;
}

async function startsAsRoot(path: string): Promise<boolean> {
  if (!await isFile(path)) return false;
  const file = await open(path, { read: true });
  try {
    const start = new Uint8Array(ROOT_START.length);
    await file.read(start);
    return new TextDecoder().decode(start) === ROOT_START;
  } finally {
    file.close();
  }
}
