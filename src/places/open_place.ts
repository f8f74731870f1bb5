import { isS3Address } from "../http/address.ts";
import { type S3Address, s3Address } from "../http/s3_address.ts";
import { FolderPlace } from "./_folder_place.ts";
import { isKey, type Place } from "./place.ts";

/** Options of {@linkcode openPlace}. */
export interface OpenPlaceOptions {
  /**
   * Folder for local copies of a store's objects.
   *
   * @default the system's folder of temporary files
   */
  readonly temporaryFolder?: string;
}

/**
 * Opens a place by its name. Nothing is read or written yet.
 *
 * @param name Path of a folder, which need not exist, or `s3://bucket/prefix`,
 * whose store and keys the environment names.
 * @throws {RangeError} If the address has other characters than a key may have, or
 * a variable of the environment is not usable.
 */
export async function openPlace(
  name: string,
  options: OpenPlaceOptions = {},
): Promise<Place> {
  if (!isS3Address(name)) return new FolderPlace(name);
  const address = prefixAddress(name);
  const { S3Place } = await import("./_s3_place.ts");
  const { S3Sender } = await import("../s3/sender.ts");
  return new S3Place(address, { ...options, sender: new S3Sender() });
}

function prefixAddress(name: string): S3Address {
  const address = URL.canParse(name) ? s3Address(new URL(name)) : undefined;
  const [, prefix = ""] = /^s3:\/\/[^/]*\/?(.*?)\/?$/i.exec(name) ?? [];
  if (address !== undefined && (prefix === "" || isKey(prefix))) {
    return { ...address, key: prefix };
  }
  throw new RangeError(
    `Cannot use place: its name is ${JSON.stringify(name)}, expected ` +
      's3://bucket/prefix with a prefix of letters, digits, ".", "_" and "-"',
  );
}
