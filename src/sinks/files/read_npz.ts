import { DataError, FormatError, LimitError } from "../../errors.ts";
import type { Archive } from "../../archive/archive.ts";
import { openZip } from "../../archive/zip/zip.ts";
import type { Limits } from "../../base/limits.ts";
import { type ArrayHead, storedShape } from "./array_record.ts";
import { npyHeader, NPZ_HEADS } from "./npz_format.ts";
import { openFile } from "./open_file.ts";
import {
  type ArrayReadOptions,
  parseHead,
  type Stored,
  valueCount,
} from "./stored_array.ts";

/** Maximal size of all heads: the length limit of a JavaScript string. */
const MAX_HEADS = 2 ** 29 - 25;

/** Reads a file of `toNpz`, one array at a time. */
export async function* readNpz(
  path: string,
  options: ArrayReadOptions,
): AsyncGenerator<Stored> {
  const zip = await openZip(path, options);
  const sizes = new Map(zip.members.map(({ path, size }) => [path, size]));
  await checkSizes(path, sizes);
  const heads = await readMember(zip, sizes, NPZ_HEADS, MAX_HEADS, options);
  const lines = new TextDecoder().decode(heads).split("\n").slice(0, -1);
  for (const [i, line] of lines.entries()) {
    options.signal?.throwIfAborted();
    const head = parseLine(line, i + 1, path, options.limits);
    if (head.type === "rest") yield { head };
    else yield { head, values: await readArray(zip, sizes, head, options) };
  }
  const [member] = sizes.keys();
  if (member === undefined) return;
  throw new FormatError(
    "Cannot read NPZ: a member has no metadata: rxephys did not write it",
    { archive: path, member },
  );
}

/** Refuses compressed members: uncompressed ones fit into their zip. */
async function checkSizes(
  archive: string,
  sizes: ReadonlyMap<string, number>,
): Promise<void> {
  using file = await openFile(archive);
  let total = 0;
  for (const [member, size] of sizes) {
    total += size;
    if (total <= file.size) continue;
    throw new LimitError(
      `Cannot read NPZ: its members claim over ${total} bytes of ` +
        `${file.size}: rxephys does not compress them`,
      { archive, member },
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
  sizes: Map<string, number>,
  head: ArrayHead,
  options: ArrayReadOptions,
): Promise<Float32Array> {
  const member = `${head.name}.npy`;
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

/** Reads a member and removes it from the sizes. */
async function readMember(
  zip: Archive,
  sizes: Map<string, number>,
  member: string,
  most: number,
  options: ArrayReadOptions,
): Promise<Uint8Array> {
  const place = { archive: zip.name, member };
  const size = sizes.get(member);
  if (size === undefined) {
    throw new FormatError("Cannot read NPZ: a member is missing", place);
  }
  sizes.delete(member);
  if (size > most) {
    throw new LimitError(
      `Cannot read NPZ: a member claims ${size} bytes, expected at most ${most}`,
      place,
    );
  }
  return await zip.read(member, options);
}
