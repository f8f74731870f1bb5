import type { Call, SessionEdit, WorkerSource } from "../../stream/lineage.ts";
import type { Relay, RelayedWarning } from "../../stream/relayed_warning.ts";
import type {
  Presentation,
  Session,
  StimMeta,
  Trials,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { PlainError } from "./_plain_error.ts";

/** Source of a worker's sessions, and the operators behind it. */
export type Chain =
  | { readonly source: Call; readonly steps: readonly Call[] }
  | { readonly module: string; readonly steps: readonly string[] };

/** A session of a chain. */
export interface Address {
  /** Number under which the chain was opened in the worker. */
  readonly chain: number;
  /** Key under which the source's finder looks it up; its id for a module. */
  readonly hint: unknown;
  /** Names and cells that spreads gave to it, each before a step of the chain. */
  readonly edits: readonly (SessionEdit & { readonly step: number })[];
  /** Whether the whole session is meant where it lists a part of one. */
  readonly whole: boolean;
}

/** A read of a session: its list, or a presentation by its place in the list. */
export type Wanted =
  | {
    readonly what: "list";
    /** Presentations whose responses will be asked for next. */
    readonly first?: number;
  }
  | { readonly what: "stimulus" | "trials"; readonly index: number };

/** Message to a worker. */
export type Request =
  | { readonly open: number; readonly chain: Chain; readonly waits: boolean }
  | { readonly shared: number; readonly value: unknown }
  | { readonly id: number; readonly address: Address; readonly wanted: Wanted }
  | { readonly abort: number };

/** Message from a worker. */
export type Reply =
  | { readonly id: number; readonly value: Value; readonly bytes: number }
  | { readonly id: number; readonly error: PlainError }
  | { readonly warning: PlainWarning; readonly chain: number };

/** Warning as a message between threads: cloning would lose its cause's class. */
export interface PlainWarning extends RelayedWarning {
  readonly cause?: PlainError;
}

/** A presentation in the list of its session, before it is read. */
export interface Listed {
  readonly key: string;
  readonly meta: StimMeta;
  readonly durationMs: number;
  readonly dtMs?: number;
}

/** A presentation as its list holds it. */
export function listedOf({ stimulus, dtMs }: Presentation): Listed {
  const { key, meta, durationMs } = stimulus;
  return { key, meta, durationMs, ...(dtMs !== undefined && { dtMs }) };
}

/** Result of a read. */
export type Value = readonly Listed[] | Waveform | Tensor | Trials;

/** A chain and the counter of its source's warnings. */
export interface OpenChain {
  readonly number: number;
  readonly chain: Chain;
  readonly warn: Relay;
  /** As {@linkcode WorkerSource.shared}. */
  readonly shared?: WorkerSource["shared"];
}

/** A read in a worker. */
export interface WorkerRead {
  readonly chain: OpenChain;
  readonly address: Address;
  readonly wanted: Wanted;
  /** The session's name, for errors. */
  readonly session: string;
  /** Value that the worker's source gets, once the main thread has it. */
  readonly shared?: Promise<unknown> | undefined;
}

/** Result of a read in a worker. */
export interface WorkerResult {
  readonly value: Value;
  /** Bytes of its arrays. */
  readonly bytes: number;
}

/** A read that a pool sends to a worker. */
export interface RemoteRead extends WorkerRead {
  /** Identifies the result: sessions that share a stimulus share its key. */
  readonly key: string;
  /** Reads with the same home go to the same worker, which caches for them. */
  readonly home: string;
  /** Whether the main thread may have it in memory. */
  readonly isKeptHere?: boolean;
  /** The session in this thread. */
  readonly local: Session;
}

/** Reads of a session in workers. */
export interface Remote {
  /** As {@linkcode WorkerSource.workMs}; Infinity if unknown. */
  readonly workMs: number;
  readonly list: RemoteRead;
  stimulus(listed: Listed, index: number): RemoteRead;
  trials(index: number): RemoteRead;
}

/** Reads in another thread. */
export interface RemoteReader {
  /** Reads under way. */
  readonly busy: number;
  /** Whether it has started. */
  readonly isRunning: boolean;
  /** Presentations that it is asked for ahead of their reads. */
  readonly depth: number;
  /** Rejects with the signal's reason once that aborts. */
  read(read: RemoteRead, signal?: AbortSignal): Promise<WorkerResult>;
  /** Ends it and drops what it holds; a later read starts it again. */
  end(): void;
}
