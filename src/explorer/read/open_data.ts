import { type Observable, toArray } from "rxjs";
import { blobSource } from "../../archive/bytes/blob_source.ts";
import { zipArchive } from "../../archive/zip/zip.ts";
import type { ReadOptions } from "../../base/abort.ts";
import { DataNotFoundError } from "../../errors.ts";
import type { DataSetName } from "../../recipe/data_set.ts";
import { recipeSessions } from "../../recipe/recipe.ts";
import { recognize, recognizeZip } from "../../recipe/recognize.ts";
import type { Session } from "../../session.ts";
import {
  asari,
  crcnsAc1,
  type SourceOptions,
  wehr,
  wingert2026,
} from "../../sources/mod.ts";
import { lastUnlessAborted } from "../../stream/last_unless_aborted.ts";
import type { OpenedData } from "../protocol.ts";

/** A data set that is open: its sessions as recorded. */
export interface OpenData {
  readonly dataSet: DataSetName;
  readonly sessions: readonly Session[];
}

/**
 * Opens files or an address, and lists the sessions; no recording is read.
 *
 * @throws {DataNotFoundError} If no data set is there.
 * @throws {DataError} As its source does.
 */
export async function openData(
  data: OpenedData,
  sourceOptions: SourceOptions,
  reading: ReadOptions = {},
): Promise<OpenData> {
  const { dataSet, sessions } = typeof data === "string"
    ? await openAddress(data, sourceOptions, reading)
    : await openFiles(data, sourceOptions, reading);
  const all = sessions.pipe(toArray());
  return { dataSet, sessions: await lastUnlessAborted(all, reading) };
}

interface Opening {
  readonly dataSet: DataSetName;
  readonly sessions: Observable<Session>;
}

async function openAddress(
  address: string,
  sourceOptions: SourceOptions,
  reading: ReadOptions,
): Promise<Opening> {
  const found = await recognize(address, reading);
  const sessions = recipeSessions({ ...found, options: {} }, sourceOptions);
  return { dataSet: found.dataSet, sessions };
}

async function openFiles(
  files: readonly File[],
  options: SourceOptions,
  reading: ReadOptions,
): Promise<Opening> {
  const cellList = files.find(({ name }) => name.endsWith(".csv"));
  const zips = files.filter((file) => file !== cellList);
  const found: DataSetName[] = [];
  for (const zip of zips) {
    await checkZip(zip);
    const archive = await zipArchive(blobSource(zip), reading);
    found.push(recognizeZip(zip.name, archive).dataSet);
  }
  const [recordings] = zips;
  if (found.includes("wingert2026") || recordings === undefined) {
    if (recordings && cellList) {
      const data = { cellList, recordings };
      const sessions = wingert2026(data, options);
      return { dataSet: "wingert2026", sessions };
    }
    throw new DataNotFoundError(
      "Cannot open Wingert 2026: a file is missing, expected cell_list.csv " +
        "and recordings.zip, picked together",
      { archive: (recordings ?? cellList)?.name ?? "" },
    );
  }
  const halves = found.filter((name) => name === "asari").length;
  if (!found.includes("wehr")) {
    return { dataSet: "asari", sessions: asari(zips, options) };
  }
  return halves === 2
    ? { dataSet: "crcns-ac1", sessions: crcnsAc1(zips, options) }
    : { dataSet: "wehr", sessions: wehr(zips, options) };
}

/** Refuses a file of another kind; a zip that is cut short is another fault. */
async function checkZip(file: File): Promise<void> {
  const start = await file.slice(0, ZIP_START.length).text();
  if (start === ZIP_START) return;
  throw new DataNotFoundError(
    "Cannot open the file: it is no zip, expected an archive as its publisher " +
      "packs it",
    { archive: file.name },
  );
}

/** First letters of every zip, after Phil Katz. */
const ZIP_START = "PK";
