import { checkCount } from "./check.ts";

/** Beyond these a claim cannot be met, whatever the memory. */
const GREATEST: Partial<Limits> = {
  // What one buffer holds on every platform.
  memberBytes: 2 ** 31 - 1,
  // zlib's own bound: 258 bytes out of two bits.
  compressionRatio: 1032,
  // Each level is a few calls on the stack.
  nesting: 1000,
};

/**
 * The limits of an option, those that it leaves out as they are by default.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {TypeError} If the option is no object, or a limit no number.
 * @throws {RangeError} If a limit is no whole number from 1 on, is beyond what
 * can be held, or has a name that no limit has.
 */
export function checkedLimits(
  act: string,
  limits: Partial<Limits> = {},
): Limits {
  if (typeof limits !== "object" || limits === null || Array.isArray(limits)) {
    const text = `Cannot ${act}: limits is ${
      String(limits)
    }, expected an object`;
    throw new TypeError(text);
  }
  const checked: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      const names = Object.keys(DEFAULT_LIMITS).join(", ");
      throw new RangeError(
        `Cannot ${act}: limits.${name} is no limit, expected ${names}`,
      );
    }
    if (value === undefined) continue;
    const greatest = GREATEST[name as keyof Limits];
    checkCount(act, `limits.${name}`, value, 1, greatest);
    checked[name] = value;
  }
  return checked as unknown as Limits;
}

/** How the message of a {@linkcode LimitError} ends. */
export function limitText(limits: Limits, name: keyof Limits): string {
  return `limits.${name} is ${limits[name]} and can be raised`;
}

/**
 * The most that data may claim before it is refused: a guard against damaged
 * and hostile files, far above the real releases.
 *
 * What claims more is a {@linkcode LimitError} that names the limit, thrown
 * before the memory is taken. Bounds that a format itself sets (32 axes of an
 * array, say) are no limits: they stay.
 */
export interface Limits {
  /**
   * Files of a zip or folder, entries of a tarball, variables of a MATLAB file,
   * datasets of an HDF5 file, cells of a cell list, rows of a table of epochs.
   *
   * @default {262_144}
   */
  readonly members: number;
  /**
   * Bytes of a zip's directory, characters of a tarball's paths together.
   *
   * @default {67_108_864}
   */
  readonly directoryBytes: number;
  /**
   * Bytes of a file in an archive that is read as a whole, 2^31 - 1 at most.
   *
   * @default {1_073_741_824}
   */
  readonly memberBytes: number;
  /**
   * Bytes that a gzipped tarball unpacks to, files that are passed over included.
   *
   * @default {17_179_869_184}
   */
  readonly tarballBytes: number;
  /**
   * Unpacked bytes for each packed one, of a zip's member, a MATLAB variable or
   * an HDF5 chunk. Deflate itself ends at 1032.
   *
   * @default {1032}
   */
  readonly compressionRatio: number;
  /**
   * Characters of a path inside an archive.
   *
   * @default {4096}
   */
  readonly pathLength: number;
  /**
   * Characters of a name or text in a MATLAB or HDF5 file, bytes of a tarball's
   * extended header.
   *
   * @default {1_048_576}
   */
  readonly textLength: number;
  /**
   * Characters of a record of a CSV file.
   *
   * @default {1_048_576}
   */
  readonly recordLength: number;
  /**
   * Bytes of a JSON file of a recording.
   *
   * @default {16_777_216}
   */
  readonly jsonBytes: number;
  /**
   * Folders inside folders; arrays inside arrays of a MATLAB file, where 1000 is
   * the most.
   *
   * @default {100}
   */
  readonly nesting: number;
  /**
   * Arrays in one variable of a MATLAB file: cells and fields of structs.
   *
   * @default {1_048_576}
   */
  readonly arrays: number;
  /**
   * Elements of an array.
   *
   * @default {268_435_456}
   */
  readonly arrayElements: number;
  /**
   * Elements of an array for which there is no byte in a MATLAB file: structs
   * without fields, blank text, columns of a level 4 sparse matrix.
   *
   * @default {1_048_576}
   */
  readonly emptyElements: number;
  /**
   * Bytes that a MATLAB variable unpacks to, or the values of all datasets that
   * are read of an HDF5 file.
   *
   * @default {2_147_483_648}
   */
  readonly arrayBytes: number;
}

/** The limits that hold where an option does not say otherwise. */
export const DEFAULT_LIMITS: Limits = Object.freeze<Limits>({
  members: 2 ** 18,
  directoryBytes: 2 ** 26,
  memberBytes: 2 ** 30,
  tarballBytes: 2 ** 34,
  compressionRatio: 1032,
  pathLength: 4096,
  textLength: 2 ** 20,
  recordLength: 2 ** 20,
  jsonBytes: 2 ** 24,
  nesting: 100,
  arrays: 2 ** 20,
  arrayElements: 2 ** 28,
  emptyElements: 2 ** 20,
  arrayBytes: 2 ** 31,
});
