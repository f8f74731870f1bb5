import {
  checkSinkOptions,
  type SinkOptions,
} from "../../stream/read_sessions.ts";
import type { GateTally } from "../../session.ts";

/** Options of every sink that writes a file. */
export interface FileOptions extends SinkOptions {
  /**
   * Whether a file that is there already is replaced, once the new one is
   * whole. An empty file counts as none.
   *
   * @default {false}
   */
  readonly overwrite?: boolean;
  /**
   * Whether to go on behind the sessions that a run before has written to
   * `<path>.part`, and to leave that there if this one is left or fails. The
   * stream must be the same; where its sessions or its operators are seen to
   * differ, that is an error.
   *
   * @default {false}
   */
  readonly resume?: boolean;
}

/** What a sink has written. */
export interface WriteSummary {
  /** The file or folder, where a path was given. */
  readonly path?: string;
  /** Bytes written. */
  readonly bytes: number;
  /** Arrays of stimuli. */
  readonly stimuli: number;
  /** Arrays of responses. */
  readonly responses: number;
  /** Cells that have a response. */
  readonly cells: number;
  /** Repeats kept and dropped by the gate. */
  readonly tally: GateTally;
}

/** Refuses a path that is none when a sink is called. */
export function checkPath(act: string, path: unknown): void {
  if (typeof path === "string" && path !== "") return;
  const found = path === "" ? "empty" : String(path);
  throw new TypeError(`Cannot ${act}: path is ${found}, expected a path`);
}

/** Refuses bad {@linkcode FileOptions} when a sink is called. */
export function checkFileOptions(act: string, options: FileOptions): void {
  checkSinkOptions(act, options);
  for (const name of ["overwrite", "resume"] as const) {
    const value = options[name] ?? false;
    if (typeof value === "boolean") continue;
    throw new TypeError(
      `Cannot ${act}: ${name} is ${String(value)}, expected true or false`,
    );
  }
}
