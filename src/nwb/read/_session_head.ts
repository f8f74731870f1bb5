import { FormatError, UnsupportedError } from "../../errors.ts";
import type { CellMeta } from "../../session.ts";
import { type NwbFile, textAttribute } from "./_nwb_file.ts";

/** Facts about a session that hold for all its cells. */
export interface SessionHead {
  /** Its label in the file, if any. */
  readonly id: string | undefined;
  /** Identifier of the file, which no other file has. */
  readonly identifier: string;
  /** Whether `toNwb` wrote the file. */
  readonly isOwn: boolean;
  /** Metadata of each of its cells. */
  readonly meta: CellMeta;
}

/**
 * Reads the head of an NWB file.
 *
 * @throws {FormatError} If it is an HDF5 file of another kind.
 * @throws {UnsupportedError} If it is of NWB 1.
 */
export async function readHead(file: NwbFile): Promise<SessionHead> {
  const root = await file.group("");
  const version = root && textAttribute(root.attributes, "nwb_version");
  if (!version) {
    const old = await file.text("nwb_version");
    if (old === undefined) {
      throw new FormatError(
        "Cannot stream NWB: the file has no nwb_version, so it is of another " +
          "format",
        { archive: file.name },
      );
    }
    throw versionError(file, old);
  }
  if (!version.startsWith("2.")) throw versionError(file, version);
  const subject = await file.group("general/subject");
  const about = async (name: string): Promise<string | undefined> =>
    subject?.members.has(name)
      ? await file.text(`general/subject/${name}`) || undefined
      : undefined;
  const animalId = await about("subject_id");
  const species = await about("species");
  const start = await file.text("session_start_time") ?? "";
  const date = /^(\d{4})-(\d\d)-(\d\d)/.exec(start)?.slice(1).join("");
  return {
    id: await file.text("general/session_id") || undefined,
    identifier: await file.text("identifier") ?? "",
    isOwn: await isOwn(file),
    meta: {
      ...(animalId !== undefined && { animalId }),
      ...(species !== undefined && { species }),
      ...(date !== undefined && { date }),
    },
  };
}

async function isOwn(file: NwbFile): Promise<boolean> {
  const script = await file.dataset("general/source_script");
  return script !== null &&
    textAttribute(script.attributes, "file_name") === "rxephys/nwb";
}

function versionError(file: NwbFile, version: string): UnsupportedError {
  return new UnsupportedError(
    `Cannot stream NWB: the file is of version ${version}, expected 2`,
    { archive: file.name },
  );
}
