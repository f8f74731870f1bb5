import { checkOptions } from "../../base/check.ts";
import {
  checkSinkOptions,
  type SinkOptions,
} from "../../stream/read_sessions.ts";
import type { GateTally } from "../../session.ts";

/** Options of sinks that write files. */
export interface FileOptions extends SinkOptions {
  /**
   * Whether to replace an existing file, or folder of `toZarr`, once the new one
   * is complete. An empty file may always be replaced; other folders, devices and
   * pipes never are.
   *
   * @default {false}
   */
  readonly overwrite?: boolean;
  /**
   * Whether to continue after the sessions that an earlier run wrote to
   * `<path>.part`, and to keep that part if this run fails or is unsubscribed.
   * The stream must be the same: another archive, other sessions, cells, options,
   * operators or functions, or another version of this package are an error that
   * names the difference. A function is compared by its source text, without the
   * variables around it. The part is compared with the checksums in
   * `<path>.part.journal`; one that was changed is an error, too.
   * A pass that `normalize()` makes over the stream starts anew.
   * If the file is complete already, its summary is emitted: the stream is not
   * read, nor compared with the one that the file was made of.
   *
   * @default {false}
   */
  readonly resume?: boolean;
}

/** Summary of the written file. */
export interface WriteSummary {
  /** Absolute path of the file or folder; undefined for a stream. */
  readonly path?: string;
  /** Size in bytes. */
  readonly bytes: number;
  /** Number of stimulus arrays. */
  readonly stimuli: number;
  /** Number of response arrays. */
  readonly responses: number;
  /** Number of cells with a response. */
  readonly cells: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}

/** Refuses a missing or empty path. */
export function checkPath(act: string, path: unknown): void {
  if (typeof path === "string" && path !== "") return;
  const found = path === "" ? "empty" : String(path);
  throw new TypeError(`Cannot ${act}: path is ${found}, expected a path`);
}

/** Refuses invalid {@linkcode FileOptions} and others that do not exist. */
export function checkFileOptions<Options extends FileOptions>(
  act: string,
  options: Options,
  more: readonly (keyof Options & string)[] = [],
): void {
  const known = ["concurrency", "onProgress", "overwrite", "resume"] as const;
  checkOptions(act, options, [...known, ...more]);
  checkSinkOptions(act, options);
  for (const name of ["overwrite", "resume"] as const) {
    const value = options[name] ?? false;
    if (typeof value === "boolean") continue;
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(value)}, expected true or false`,
    );
  }
}
