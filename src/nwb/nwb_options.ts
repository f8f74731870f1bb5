import type { FileOptions, WriteSummary } from "../sinks/files/file_options.ts";
import type { Session } from "../session.ts";
import type { NwbDescription } from "./description.ts";

/** Options for `toNwb`. */
export interface NwbOptions extends FileOptions {
  /**
   * Compression of the arrays; `gzip` takes ten times as long.
   *
   * @default {"none"}
   */
  readonly compression?: "gzip" | "none";
  /**
   * Facts about a session that the stream does not know: its start, the animal,
   * the experimenters. A resumed run must describe the sessions before as the run
   * that wrote them.
   *
   * @default what the cells' metadata say
   */
  readonly describe?: (session: Session) => NwbDescription;
}

/** Summary of the written folder. */
export interface NwbSummary extends WriteSummary {
  /** Number of files, one per session. */
  readonly files: number;
}
