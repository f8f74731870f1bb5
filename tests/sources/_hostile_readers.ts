import { zipArchive } from "../../src/archive/zip/zip.ts";
import { tgzMembers } from "../../src/archive/tar/tgz.ts";
import { readCellList } from "../../src/sources/wingert2026/_cell_list.ts";
import { openHdf5 } from "../../src/formats/hdf5/hdf5.ts";
import { readMat } from "../../src/formats/mat/mat.ts";
import type { Limits } from "../../src/base/limits.ts";
import { countingSource } from "../support/archives/byte_sources.ts";
import { Source } from "../support/archives/tgz_edit.ts";

/** Reads a whole file, and reports at the end what it asked for. */
export type HostileReader = (
  name: string,
  bytes: Uint8Array,
  limits: Limits,
  onEnd: (bytesAsked: number) => void,
) => Promise<void> | void;

/** Bytes of a read of a stream. */
const PIECE = 1024;

/** Reader of a file, by the start of its name. */
export const HOSTILE_READERS: Readonly<Record<string, HostileReader>> = {
  zip: readZip,
  tar: readTarball,
  gzip: readTarball,
  mat: (member, bytes, limits): void => {
    readMat(bytes, { archive: "crcns-ac1.zip", member, limits });
  },
  hdf5: (member, bytes, limits): void => {
    using file = openHdf5(bytes, { archive: "P.tgz", member }, limits);
    for (const name of file.names) file.read(name);
  },
  csv: readCsv,
};

async function readZip(
  name: string,
  bytes: Uint8Array,
  limits: Limits,
  onEnd: (bytesAsked: number) => void,
): Promise<void> {
  const source = countingSource(bytes, name);
  try {
    const archive = await zipArchive(source, { limits });
    for (const { path } of archive.members) await archive.read(path);
  } finally {
    onEnd(source.bytesRead);
  }
}

async function readTarball(
  member: string,
  bytes: Uint8Array,
  limits: Limits,
  onEnd: (bytesAsked: number) => void,
): Promise<void> {
  const source = new Source(bytes, PIECE);
  const isWanted = (path: string): boolean => path.endsWith(".json");
  const options = { archive: "recordings.zip", member, limits };
  try {
    await Array.fromAsync(tgzMembers(source.stream, isWanted, options));
  } finally {
    onEnd(source.read);
  }
}

async function readCsv(
  member: string,
  bytes: Uint8Array,
  limits: Limits,
  onEnd: (bytesAsked: number) => void,
): Promise<void> {
  const source = new Source(bytes, PIECE);
  const origin = { archive: "data", member };
  try {
    await Array.fromAsync(readCellList(source.stream, origin, limits));
  } finally {
    onEnd(source.read);
  }
}
