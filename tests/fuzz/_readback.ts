import { readDataset, toNdjson, toNpz, toSafetensors, toZarr } from "rxephys";
import { tmpdir } from "node:os";
import { lastValueFrom, of } from "rxjs";
import { readySession } from "../support/sessions/ready_session.ts";
import { mutated } from "./_mutated.ts";
import type { FuzzReader } from "./readers.ts";

const SINKS = {
  ndjson: toNdjson,
  npz: toNpz,
  safetensors: toSafetensors,
} as const;

const SESSION = readySession("s", 2, [
  { key: "a", bins: 3, repeats: [[[1, 2, 3], [4, 5, 6]], null] },
  { key: "b", bins: 2, repeats: [[[1, 2]], [[3, 4]]] },
]);

/** Folder of the files that are read; the program removes it at its end. */
export const CASE_FOLDER = `${tmpdir()}/rxephys-fuzz-${Deno.pid}`;

/** Damages a file that a sink wrote. */
export type Damage = (sound: Uint8Array) => FuzzReader["inputs"];

const damaged: Damage = (sound) => mutated([sound]);

/** Reads damaged files that the sink of a format wrote. */
export async function readbackOf(
  name: keyof typeof SINKS,
  damage: Damage = damaged,
): Promise<FuzzReader> {
  const sound = await withFile(async (path) => {
    await lastValueFrom<unknown>(of(SESSION).pipe(SINKS[name](path)));
    return await Deno.readFile(path);
  });
  return {
    name,
    inputs: damage(sound),
    read: async (bytes): Promise<void> => {
      const path = `${CASE_FOLDER}/${name}`;
      Deno.mkdirSync(CASE_FOLDER, { recursive: true });
      Deno.writeFileSync(path, bytes);
      await readDataset(path);
    },
  };
}

/** An array takes about five folders, and every case writes all of them. */
const FEW_ARRAYS = readySession("s", 1, [
  { key: "a", bins: 3, repeats: [[[1, 2, 3], [4, 5, 6]]] },
]);

/** Reads Zarr with damaged metadata and valid chunks. */
export async function zarrReadback(
  damage: Damage = damaged,
): Promise<FuzzReader> {
  const [sound, chunks] = await withFile(async (path) => {
    await lastValueFrom<unknown>(of(FEW_ARRAYS).pipe(toZarr(path)));
    return [await Deno.readFile(`${path}/zarr.json`), chunksIn(path)] as const;
  });
  let isWritten = false;
  return {
    name: "zarr",
    inputs: damage(sound),
    read: async (bytes): Promise<void> => {
      const path = `${CASE_FOLDER}/zarr`;
      if (!isWritten) writeChunks(path, chunks);
      isWritten = true;
      Deno.writeFileSync(`${path}/zarr.json`, bytes);
      await readDataset(path);
    },
  };
}

function writeChunks(
  zarr: string,
  chunks: readonly (readonly [string, Uint8Array])[],
): void {
  for (const [chunk, values] of chunks) {
    const file = zarr + chunk;
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(file, values);
  }
}

/** Chunks of a Zarr, by path. */
function chunksIn(
  zarr: string,
  folder = "",
): [string, Uint8Array<ArrayBuffer>][] {
  return [...Deno.readDirSync(zarr + folder)].flatMap(
    ({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (isDirectory) return chunksIn(zarr, path);
      return name === "zarr.json"
        ? []
        : [[path, Deno.readFileSync(zarr + path)]];
    },
  );
}

async function withFile<Value>(
  act: (path: string) => Promise<Value>,
): Promise<Value> {
  const folder = await Deno.makeTempDir();
  try {
    return await act(`${folder}/dataset`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
