import fc from "fast-check";
import { gunzipSync, gzipSync } from "node:zlib";
import { zipArchive } from "../../src/archive/zip/zip.ts";
import { tgzMembers } from "../../src/archive/tar/tgz.ts";
import { readCellList } from "../../src/sources/wingert2026/_cell_list.ts";
import { openHdf5 } from "../../src/formats/hdf5/hdf5.ts";
import { listMatVariables } from "../../src/formats/mat/mat.ts";
import { readChannels } from "../../src/sources/wingert2026/_channels.ts";
import { readEpochs } from "../../src/sources/wingert2026/_epochs.ts";
import { readbackOf, zarrReadback } from "./_readback.ts";
import { fixtures, withChecksums } from "./_inputs.ts";
import { mutated } from "./_mutated.ts";
import { nwbReader } from "./_nwb.ts";
import { structuredCsv, structuredMat, structuredZip } from "./_structured.ts";
import { trackedSource, TrackedStream } from "./_tracked.ts";

/** A reader and its inputs. */
export interface FuzzReader {
  readonly name: string;
  /** Valid, damaged and generated files. */
  readonly inputs: fc.Arbitrary<Uint8Array>;
  /**
   * Reads everything. It may reject only with an error of the data, and leaves
   * nothing open when it settles.
   */
  read(bytes: Uint8Array): Promise<void> | void;
}

const PLACE = { archive: "a.zip", member: "m" } as const;
const CELLS = "cellid,siteid,area,layer,depth,narrow,celltype,sw,goodpred";

/** Every reader of foreign bytes. A new reader is a new entry. */
export const FUZZ_READERS: readonly FuzzReader[] = [
  {
    name: "zip",
    inputs: fc.oneof(
      { weight: 2, arbitrary: mutated(fixtures("archive", ".zip")) },
      { weight: 1, arbitrary: mutated(fixtures("hostile", ".zip")) },
      { weight: 1, arbitrary: structuredZip },
    ),
    async read(bytes): Promise<void> {
      using source = trackedSource(bytes);
      const archive = await zipArchive(source);
      const [first, ...others] = archive.members;
      for (const { path } of others) await archive.read(path);
      if (first) await Array.fromAsync(archive.stream(first.path));
    },
  },
  {
    name: "tar",
    inputs: fc.oneof(
      { weight: 3, arbitrary: mutated(tars(fixtures("tgz", ".tgz"))) },
      {
        weight: 1,
        arbitrary: mutated(tars(fixtures("hostile", ".tgz", /^tar-/))),
      },
    ).map((tar) => gzipSync(withChecksums(tar), { level: 1 })),
    read: readTarball,
  },
  {
    name: "gzip",
    inputs: mutated(fixtures("tgz", ".tgz")),
    read: readTarball,
  },
  {
    name: "mat",
    inputs: fc.oneof(
      mutated([...fixtures("mat", ".mat"), ...fixtures("hostile", ".mat")]),
      mutated([
        ...fixtures("mat/scipy", ".mat"),
        ...fixtures("ac1-parts", ".mat"),
      ]),
      structuredMat,
    ),
    read(bytes): void {
      for (const variable of listMatVariables(bytes, PLACE)) {
        variable.read();
      }
    },
  },
  {
    name: "hdf5",
    inputs: fc.oneof(
      mutated([...fixtures("hdf5", ".h5"), ...fixtures("hdf5/refused", ".h5")]),
      mutated([
        ...fixtures("wingert-parts", ".h5"),
        ...fixtures("hostile", ".h5"),
      ]),
    ),
    read(bytes): void {
      using file = openHdf5(bytes, PLACE);
      for (const name of file.names) file.read(name);
    },
  },
  {
    name: "cell list",
    inputs: fc.oneof(
      mutated([
        ...fixtures("wingert-small", ".csv"),
        ...fixtures("hostile", ".csv"),
      ]),
      structuredCsv(CELLS, ["PRN018a-039-1", "PRN018a", "A1", "True", "-0.5"]),
    ),
    async read(bytes): Promise<void> {
      using tracked = new TrackedStream(bytes);
      await Array.fromAsync(readCellList(tracked.stream, PLACE));
    },
  },
  {
    name: "epochs",
    inputs: structuredCsv("name,start,end", ["STIM_a", "0.5", "1", "2e3"]),
    async read(bytes): Promise<void> {
      await readEpochs(bytes, PLACE);
    },
  },
  {
    name: "json",
    inputs: fc.oneof(
      fc.json().map((text) => new TextEncoder().encode(text)),
      mutated([new TextEncoder().encode(
        '{"chans": ["PRN018a-039-1", "PRN018a-039-2"], "fs": 100, ' +
          '"signal_type": "<class \'nems0.signal.PointProcess\'>"}',
      )]),
    ),
    read(bytes): void {
      readChannels(bytes, PLACE);
    },
  },
  nwbReader,
  await readbackOf("ndjson"),
  await readbackOf("npz"),
  await readbackOf("safetensors"),
  await zarrReadback(),
];

function tars(tarballs: readonly Uint8Array[]): Uint8Array[] {
  return tarballs.map((bytes) => new Uint8Array(gunzipSync(bytes)));
}

async function readTarball(bytes: Uint8Array): Promise<void> {
  using tracked = new TrackedStream(bytes);
  // Folders and every other file are skipped.
  let asked = 0;
  const isWanted = (path: string): boolean =>
    path.includes(".") && asked++ % 2 === 0;
  await Array.fromAsync(tgzMembers(tracked.stream, isWanted, PLACE));
}
