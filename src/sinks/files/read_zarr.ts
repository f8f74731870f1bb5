import FileSystemStore from "@zarrita/storage/fs";
import { get, open, root } from "zarrita";
import {
  ArchiveError,
  DataError,
  type DataErrorPlace,
  FormatError,
} from "../../errors.ts";
import type { ReadOptions } from "../../session.ts";
import { type ArrayHead, storedShape } from "./array_record.ts";
import { openFile } from "./open_file.ts";
import { parseHead, valueCount } from "./parse_head.ts";
import type { Stored } from "./stored_array.ts";

/** Reads what `toZarr` has written, an array at a time. */
export async function* readZarr(
  path: string,
  { signal }: ReadOptions = {},
): AsyncGenerator<Stored> {
  const { attributes, nodes } = await readRoot(path);
  const store = new FileSystemStore(path);
  for (const [member, node] of Object.entries(nodes)) {
    signal?.throwIfAborted();
    if (node.node_type !== "array") continue;
    const place = { archive: path, member };
    const head = parseHead(node.attributes, place);
    if (head.type === "rest" || head.name !== member) {
      throw malformed("attributes are of another array", place);
    }
    yield { head, values: await readArray(store, head, place) };
  }
  const { rest } = attributes;
  if (rest === undefined) return;
  const head = parseHead(rest, { archive: path, member: "zarr.json" });
  if (head.type === "rest") yield { head };
}

interface Node {
  readonly node_type?: unknown;
  readonly attributes?: unknown;
}

async function readRoot(
  archive: string,
): Promise<
  { attributes: Record<string, unknown>; nodes: Record<string, Node> }
> {
  const place = { archive, member: "zarr.json" };
  using file = await openFile(`${archive}/zarr.json`);
  const text = new TextDecoder().decode(await file.readAt(0, file.size));
  try {
    const group = JSON.parse(text);
    return {
      attributes: { ...group.attributes },
      nodes: { ...group.consolidated_metadata.metadata },
    };
  } catch (cause) {
    throw malformed("its consolidated metadata cannot be read", place, cause);
  }
}

async function readArray(
  store: FileSystemStore,
  head: ArrayHead,
  place: DataErrorPlace,
): Promise<Float32Array> {
  try {
    const location = root(store).resolve(head.name);
    const array = await open.v3(location, { kind: "array" });
    const isSame = array.is("float32") &&
      JSON.stringify(array.shape) === JSON.stringify(storedShape(head));
    if (!isSame) {
      throw malformed("an array is not what its attributes say", place);
    }
    if (valueCount(head) === 0) return new Float32Array(0);
    await checkChunks(store, head.name, array, place);
    return (await get(array)).data as Float32Array;
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DataError) throw error;
    throw new ArchiveError(`Cannot read Zarr: ${error.message}`, {
      ...place,
      cause: error,
    });
  }
}

/** A chunk that is missing would count as one of zeros. */
async function checkChunks(
  store: FileSystemStore,
  name: string,
  { shape, chunks }: { shape: number[]; chunks: number[] },
  place: DataErrorPlace,
): Promise<void> {
  const last = shape.length - 1;
  const fixed = "0/".repeat(last);
  for (let i = 0; i * chunks[last] < shape[last]; i++) {
    if (await store.has(`/${name}/c/${fixed}${i}`)) continue;
    throw new ArchiveError(`Cannot read Zarr: chunk ${i} is missing`, place);
  }
}

function malformed(
  why: string,
  place: DataErrorPlace,
  cause?: unknown,
): FormatError {
  return new FormatError(`Cannot read Zarr: ${why}`, { ...place, cause });
}
