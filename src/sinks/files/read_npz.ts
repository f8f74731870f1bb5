import { DataError, FormatError, LimitError } from "../../errors.ts";
import type { Archive } from "../../archive/archive.ts";
import type { ByteSource } from "../../archive/bytes/byte_source.ts";
import { zipArchive } from "../../archive/zip/zip.ts";
import type { ReadOptions } from "../../base/abort.ts";
import type { Limits } from "../../base/limits.ts";
import { type ArrayHead, storedShape } from "./array_record.ts";
import { npyHeader, NPZ_HEADS } from "./npz_format.ts";
import { openFile, type RandomFile } from "./open_file.ts";
import {
  type ArrayReadOptions,
  parseHead,
  type Stored,
  type StoredArrays,
  valueCount,
} from "./stored_array.ts";

/** Maximal size of all heads: the length limit of a JavaScript string. */
const MAX_HEADS = 2 ** 29 - 25;

/** Reads a file of `toNpz`, one array at a time. */
export async function* readNpz(
  path: string,
  options: ArrayReadOptions,
): AsyncGenerator<Stored> {
  using arrays = await openNpz(path, options);
  const unread = new Set(arrays.members);
  for (let i = 0; i < arrays.count; i++) {
    options.signal?.throwIfAborted();
    const stored = await arrays.read(i, options);
    if (stored.head.type !== "rest") {
      const member = memberOf(stored.head);
      if (!unread.delete(member)) throw missingError(path, member);
    }
    yield stored;
  }
  const [member] = unread;
  if (member === undefined) return;
  throw new FormatError(
    "Cannot read NPZ: a member has no metadata: rxephys did not write it",
    { archive: path, member },
  );
}

/** Arrays of a zip; members other than the heads are listed. */
interface NpzArrays extends StoredArrays {
  readonly members: readonly string[];
}

/** Opens a file of `toNpz`. In memory: its directory and the heads as text. */
export async function openNpz(
  path: string,
  options: ArrayReadOptions,
): Promise<NpzArrays> {
  using opened = new DisposableStack();
  const file = opened.use(await openFile(path));
  const zip = await zipArchive(asSource(file), options);
  const sizes = new Map(zip.members.map(({ path, size }) => [path, size]));
  checkSizes(file, sizes);
  const heads = await readMember(zip, sizes, NPZ_HEADS, MAX_HEADS, options);
  const lines = new TextDecoder().decode(heads).split("\n").slice(0, -1);
  sizes.delete(NPZ_HEADS);
  const files = opened.move();
  return {
    count: lines.length,
    members: [...sizes.keys()],
    async read(index, { signal } = {}): Promise<Stored> {
      const line = lines[index] ?? "";
      const head = parseLine(line, index + 1, path, options.limits);
      if (head.type === "rest") return { head };
      const reading = { ...options, signal };
      return { head, values: await readArray(zip, sizes, head, reading) };
    },
    [Symbol.dispose]: () => files.dispose(),
  };
}

/** A file that stays open: to open it for each of many small arrays takes long. */
function asSource(file: RandomFile): ByteSource {
  return {
    name: file.path,
    size: file.size,
    async read(offset, length, { signal } = {}): Promise<Uint8Array> {
      signal?.throwIfAborted();
      return await file.readAt(offset, length);
    },
  };
}

/** Refuses compressed members: uncompressed ones fit into their zip. */
function checkSizes(
  file: RandomFile,
  sizes: ReadonlyMap<string, number>,
): void {
  let total = 0;
  for (const [member, size] of sizes) {
    total += size;
    if (total <= file.size) continue;
    throw new LimitError(
      `Cannot read NPZ: its members claim over ${total} bytes of ` +
        `${file.size}: rxephys does not compress them`,
      { archive: file.path, member },
    );
  }
}

function parseLine(
  line: string,
  number: number,
  archive: string,
  limits: Limits,
): ReturnType<typeof parseHead> {
  const place = { archive, member: NPZ_HEADS };
  try {
    return parseHead(JSON.parse(line), place, limits);
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new FormatError(`Cannot read NPZ: line ${number} is no JSON`, {
      ...place,
      cause,
    });
  }
}

async function readArray(
  zip: Archive,
  sizes: ReadonlyMap<string, number>,
  head: ArrayHead,
  options: ReadOptions,
): Promise<Float32Array> {
  const member = memberOf(head);
  const npy = npyHeader(storedShape(head));
  const size = npy.length + 4 * valueCount(head);
  const bytes = await readMember(zip, sizes, member, size, options);
  const isExpected = bytes.length === size &&
    npy.every((byte, i) => bytes[i] === byte);
  if (!isExpected) {
    throw new FormatError(
      "Cannot read NPZ: an array is not what its metadata say",
      { archive: zip.name, member },
    );
  }
  // The header fills whole blocks of 64 bytes: the values are aligned.
  return new Float32Array(bytes.buffer, bytes.byteOffset + npy.length);
}

async function readMember(
  zip: Archive,
  sizes: ReadonlyMap<string, number>,
  member: string,
  most: number,
  options: ReadOptions,
): Promise<Uint8Array> {
  const place = { archive: zip.name, member };
  const size = sizes.get(member);
  if (size === undefined) throw missingError(zip.name, member);
  if (size > most) {
    throw new LimitError(
      `Cannot read NPZ: a member claims ${size} bytes, expected at most ${most}`,
      place,
    );
  }
  return await zip.read(member, options);
}

function memberOf({ name }: ArrayHead): string {
  return `${name}.npy`;
}

function missingError(archive: string, member: string): FormatError {
  return new FormatError("Cannot read NPZ: a member is missing", {
    archive,
    member,
  });
}
