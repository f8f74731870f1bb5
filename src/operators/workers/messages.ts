import type { Call, SessionEdit } from "../../stream/lineage.ts";
import type { Relay, RelayedWarning } from "../../stream/relayed_warning.ts";
import type { StimMeta, Trials, Waveform } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { PlainError } from "./_plain_error.ts";

/** Where a worker gets sessions from. */
export type Chain =
  | { readonly source: Call; readonly steps: readonly Call[] }
  | { readonly module: string; readonly steps: readonly string[] };

/** A session of a chain. */
export interface Address {
  /** The number under which the worker was told of it. */
  readonly chain: number;
  /** By what the source's finder knows it; its id in a module's stream. */
  readonly hint: unknown;
  /** Name and cells that spreads gave to it: before which step of the chain. */
  readonly edits: readonly (SessionEdit & { readonly step: number })[];
  /** The session with all its presentations, where it lists a part of them. */
  readonly whole: boolean;
}

/** What is read of a session: its list, or a presentation by its place there. */
export type Wanted =
  | { readonly what: "list" }
  | { readonly what: "stimulus" | "trials"; readonly index: number };

/** What a worker is told. */
export type Request =
  | { readonly open: number; readonly chain: Chain }
  | { readonly id: number; readonly address: Address; readonly wanted: Wanted }
  | { readonly abort: number };

/** What a worker tells. */
export type Reply =
  | { readonly id: number; readonly value: Value; readonly bytes: number }
  | { readonly id: number; readonly error: PlainError }
  | { readonly warning: PlainWarning; readonly chain: number };

/** Warning as a message between threads: cloning would lose its cause's class. */
export interface PlainWarning extends RelayedWarning {
  readonly cause?: PlainError;
}

/** A presentation as the list of its session tells of it. */
export interface Listed {
  readonly key: string;
  readonly meta: StimMeta;
  readonly durationMs: number;
  readonly dtMs?: number;
}

/** What a read gives. */
export type Value = readonly Listed[] | Waveform | Tensor | Trials;

/** A chain, and what counts the warnings of its source. */
export interface OpenChain {
  readonly number: number;
  readonly chain: Chain;
  readonly warn: Relay;
}

/** What is read of which session. */
export interface WorkerRead {
  readonly chain: OpenChain;
  readonly address: Address;
  readonly wanted: Wanted;
  /** The session's name, for errors. */
  readonly session: string;
}

/** What came of a read. */
export interface WorkerResult {
  readonly value: Value;
  /** Bytes of its arrays. */
  readonly bytes: number;
}

/** A read that a pool sends to a worker. */
export interface RemoteRead extends WorkerRead {
  /** What is read, the same for every session that has it. */
  readonly key: string;
  /** What must be read in one and the same worker. */
  readonly home: string;
}

/** What workers can be asked of a session. */
export interface Remote {
  readonly list: RemoteRead;
  stimulus(listed: Listed, index: number): RemoteRead;
  trials(index: number): RemoteRead;
}

/** Reads in another thread. */
export interface RemoteReader {
  /** Reads under way. */
  readonly busy: number;
  /** Rejects with the signal's reason once that aborts. */
  read(read: WorkerRead, signal?: AbortSignal): Promise<WorkerResult>;
}
