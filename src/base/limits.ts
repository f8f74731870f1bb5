import { type DataErrorPlace, LimitError } from "../errors.ts";
import { checkCount } from "./check.ts";

/** Most unpacked bytes for a packed one: a match of 258 takes two bits at least. */
export const MAX_INFLATE_RATIO = 1032;

/** Limits that raising cannot move, whatever the memory. */
const GREATEST: Partial<Limits> = {
  // The longest buffer of every platform.
  memberBytes: 2 ** 31 - 1,
  compressionRatio: MAX_INFLATE_RATIO,
  // Each level is a few calls on the stack.
  nesting: 1000,
};

/**
 * Checks the limits of an option and completes them with the defaults.
 *
 * @param act Completes "Cannot ...".
 * @throws {TypeError} If the option is no object, or a limit no number.
 * @throws {RangeError} If a limit is no whole number from 1 on, is too great, or
 * does not exist.
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

/** End of the message of a {@linkcode LimitError}. */
export function limitText(limits: Limits, name: keyof Limits): string {
  return `limits.${name} is ${limits[name]} and can be raised`;
}

/**
 * Most that data may claim before they are refused: a guard against damaged and
 * hostile files, far above the real releases.
 *
 * A claim beyond a limit throws a {@linkcode LimitError} that names the limit,
 * before memory is taken. Bounds of a format itself (32 axes of an array, say)
 * are no limits and cannot be raised.
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
   * Bytes that a gzipped tarball unpacks to, files that are not read included.
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
   * Arrays in the variables that are read of a MATLAB file: cells and fields of
   * structs.
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
   * Elements for which there is no byte in a MATLAB file, of all arrays that are
   * read: structs without fields, blank text.
   *
   * @default {1_048_576}
   */
  readonly emptyElements: number;
  /**
   * Bytes that the variables read of a MATLAB file unpack to, or the values of
   * all datasets that are read of an HDF5 file.
   *
   * @default {2_147_483_648}
   */
  readonly arrayBytes: number;
  /**
   * Bytes that a source holds of one session.
   *
   * @default {1_073_741_824}
   */
  readonly sessionBytes: number;
  /**
   * Bytes of one read of a presentation: its repeats or its stimulus, eight for
   * each sample of a trace or waveform, four for each bin.
   *
   * @default {268_435_456}
   */
  readonly readBytes: number;
}

/** Default limits. */
export const DEFAULT_LIMITS: Limits = Object.freeze<Limits>({
  members: 2 ** 18,
  directoryBytes: 2 ** 26,
  memberBytes: 2 ** 30,
  tarballBytes: 2 ** 34,
  compressionRatio: MAX_INFLATE_RATIO,
  pathLength: 4096,
  textLength: 2 ** 20,
  recordLength: 2 ** 20,
  jsonBytes: 2 ** 24,
  nesting: 100,
  arrays: 2 ** 20,
  arrayElements: 2 ** 28,
  emptyElements: 2 ** 20,
  arrayBytes: 2 ** 31,
  sessionBytes: 2 ** 30,
  readBytes: 2 ** 28,
});

/** Bytes that a session or a read may take, shared by all that decode it. */
export class Budget {
  readonly #act: string;
  readonly #limits: Limits;
  readonly #name: "sessionBytes" | "readBytes";
  #taken = 0;

  /** @param act Action that fails, as it completes "Cannot ...". */
  constructor(
    act: string,
    limits: Limits,
    name: "sessionBytes" | "readBytes",
  ) {
    this.#act = act;
    this.#limits = limits;
    this.#name = name;
  }

  /**
   * Claims bytes before they are allocated.
   *
   * @throws {LimitError} If all claims together are beyond the limit.
   */
  take(bytes: number, place: DataErrorPlace): void {
    this.#taken += bytes;
    if (this.#taken <= this.#limits[this.#name]) return;
    throw new LimitError(
      `Cannot ${this.#act}: it claims ${this.#taken} bytes at least: ` +
        limitText(this.#limits, this.#name),
      place,
    );
  }
}

/** Limits of each file, and the budget that the files of a session share. */
export interface Bounds {
  readonly limits: Limits;
  readonly budget: Budget;
}

/** The bounds of a session by itself. */
export function sessionBounds(
  act: string,
  limits: Limits = DEFAULT_LIMITS,
): Bounds {
  return { limits, budget: new Budget(act, limits, "sessionBytes") };
}
