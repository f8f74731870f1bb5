import type { QueuedRun, SessionJob } from "./run.ts";
import type { SourceWarning } from "../sources/mod.ts";

/** A session that a thread has to write. */
export interface SessionTask extends Pick<SessionJob, "position" | "session"> {
  readonly run: QueuedRun;
}

/** How far the writing of a session is, in presentations. */
export interface SessionProgress {
  readonly done: number;
  readonly total: number;
}

/** Outcome of a task that did not fail. */
export interface WrittenSession {
  /** Whether the shard was there before. */
  readonly wasThere: boolean;
}

/** An error of a task, as a message between threads. */
export interface TaskFailure {
  readonly message: string;
  /** Whether another attempt would fail in the same way. */
  readonly isFinal: boolean;
}

/** Message of the thread that writes; the last one has an outcome. */
export type TaskReply =
  | { readonly progress: SessionProgress }
  | { readonly warning: SourceWarning }
  | { readonly written: WrittenSession }
  | { readonly failure: TaskFailure };
