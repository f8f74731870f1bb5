import { checkCount } from "../../base/check.ts";
import { checkedLimits, type Limits } from "../../base/limits.ts";
import type { SourceWarning } from "./warnings.ts";

/** Options of every source. */
export interface SourceOptions {
  /**
   * Memory for loaded sessions in bytes; the session in use is always kept.
   *
   * @default {134_217_728}
   */
  readonly maxCacheBytes?: number;
  /**
   * Most that files may claim before they are refused. A limit that is left out
   * has its default.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Partial<Limits>;
  /** Called once for each thing that is skipped or worth knowing. */
  readonly onWarning?: (warning: SourceWarning) => void;
  /**
   * Folder of the index in which the source keeps what it learned of a release
   * for its next start.
   *
   * @default the data set's {@linkcode dataFolder}
   */
  readonly indexFolder?: string;
}

/** Names of the options of every source. */
export const SOURCE_OPTIONS = [
  "maxCacheBytes",
  "limits",
  "onWarning",
  "indexFolder",
] as const satisfies readonly (keyof SourceOptions)[];

/** Options of every source, with their defaults. */
export interface CheckedSourceOptions {
  readonly maxCacheBytes: number;
  readonly limits: Limits;
  readonly onWarning: ((warning: SourceWarning) => void) | undefined;
  readonly indexFolder: string | undefined;
}

/**
 * Checks the options that every source has.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @throws {TypeError} If one is of another type.
 * @throws {RangeError} If `maxCacheBytes` or a limit is out of range, or there is
 * no such limit.
 */
export function checkSourceOptions(
  act: string,
  options: SourceOptions,
): CheckedSourceOptions {
  const { maxCacheBytes = 128 * 2 ** 20, limits } = options;
  const { onWarning, indexFolder } = options;
  checkCount(act, "maxCacheBytes", maxCacheBytes, 0);
  if (onWarning !== undefined && typeof onWarning !== "function") {
    throw new TypeError(
      `Cannot ${act}: onWarning is ${String(onWarning)}, expected a function`,
    );
  }
  if (indexFolder !== undefined && typeof indexFolder !== "string") {
    throw new TypeError(
      `Cannot ${act}: indexFolder is ${String(indexFolder)}, expected a path`,
    );
  }
  return {
    maxCacheBytes,
    limits: checkedLimits(act, limits),
    onWarning,
    indexFolder,
  };
}

/**
 * Value of an option that has two spellings.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @throws {RangeError} If both are given.
 */
export function eitherOption<Value>(
  act: string,
  [name, value]: readonly [string, Value | undefined],
  [other, otherValue]: readonly [string, Value | undefined],
): Value | undefined {
  if (value === undefined) return otherValue;
  if (otherValue === undefined) return value;
  throw new RangeError(
    `Cannot ${act}: ${name} and ${other} are given, expected one of them`,
  );
}

/**
 * Names that an option picks from a list: one, several, or `both`.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param name Name of the option.
 * @param value Value of the option.
 * @param all Names to pick from.
 * @returns The names picked, in the order of the list.
 * @throws {TypeError} If the value is neither a text nor a list of texts.
 * @throws {RangeError} If it picks nothing, or a name that is not in the list.
 */
export function chosen<Name extends string>(
  act: string,
  name: string,
  value: Name | "both" | readonly Name[],
  all: readonly Name[],
): Name[] {
  if (value === "both") return [...all];
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  const rule = all.join(", ");
  for (const one of names) {
    if (typeof one !== "string") {
      throw new TypeError(
        `Cannot ${act}: ${name} is ${String(one)}, expected ${rule} or both`,
      );
    }
    if (!all.some((known) => known === one)) {
      throw new RangeError(
        `Cannot ${act}: ${name} is ${one}, expected ${rule} or both`,
      );
    }
  }
  if (names.length === 0) {
    throw new RangeError(
      `Cannot ${act}: ${name} is empty, expected ${rule} or both`,
    );
  }
  return all.filter((known) => names.includes(known));
}
