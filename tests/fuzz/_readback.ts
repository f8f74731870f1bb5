import { readDataset, toNdjson, toNpz, toSafetensors, toZarr } from "rxephys";
import { lastValueFrom, of } from "rxjs";
import { readySession } from "../support/ready_session.ts";
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

/** Reads damaged files that the sink of a format wrote. */
export async function readbackOf(
  name: keyof typeof SINKS,
): Promise<FuzzReader> {
  const sound = await withFile(async (path) => {
    await lastValueFrom<unknown>(of(SESSION).pipe(SINKS[name](path)));
    return await Deno.readFile(path);
  });
  return {
    name,
    inputs: mutated([sound]),
    read: (bytes): Promise<void> =>
      withFile(async (path) => {
        await Deno.writeFile(path, bytes);
        await readDataset(path);
      }),
  };
}

/** An array takes about five folders, and every case writes all of them. */
const FEW_ARRAYS = readySession("s", 1, [
  { key: "a", bins: 3, repeats: [[[1, 2, 3], [4, 5, 6]]] },
]);

/** Reads Zarr with damaged metadata and valid chunks. */
export async function zarrReadback(): Promise<FuzzReader> {
  const [sound, chunks] = await withFile(async (path) => {
    await lastValueFrom<unknown>(of(FEW_ARRAYS).pipe(toZarr(path)));
    return [await Deno.readFile(`${path}/zarr.json`), chunksIn(path)] as const;
  });
  return {
    name: "zarr",
    inputs: mutated([sound]),
    read: (bytes): Promise<void> =>
      withFile(async (path) => {
        // For every case, and faster than the sink.
        for (const [chunk, values] of chunks) {
          const file = path + chunk;
          Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), {
            recursive: true,
          });
          Deno.writeFileSync(file, values);
        }
        Deno.writeFileSync(`${path}/zarr.json`, bytes);
        await readDataset(path);
      }),
  };
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
