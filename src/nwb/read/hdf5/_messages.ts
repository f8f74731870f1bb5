import type { Limits } from "../../../base/limits.ts";

/** Error of the data, as a message: its class, text, and the object it is about. */
export interface PlainFault {
  readonly kind: "archive" | "format" | "limit" | "unsupported";
  readonly message: string;
  readonly member?: string;
}

/** File that a worker opens. */
export interface FilePlace {
  readonly path: string;
  readonly limits: Limits;
  /** Counts what the worker has done, so that a worker that hangs is noticed. */
  readonly progress: Int32Array;
}

/** Read of a worker. */
export type Ask =
  | { readonly what: "open"; readonly place: FilePlace }
  | { readonly what: "names" | "group" | "dataset"; readonly path: string }
  | {
    readonly what: "tree";
    readonly path: string;
    readonly maxObjects: number | undefined;
  }
  | {
    readonly what: "read";
    readonly path: string;
    readonly start: number | undefined;
    readonly stop: number | undefined;
  }
  | { readonly what: "paths"; readonly addresses: readonly bigint[] };

/** Message to a worker. */
export interface Request {
  readonly id: number;
  readonly ask: Ask;
}

/** Message from a worker; it answers in the order of the requests. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: PlainFault };

/** What a worker says of a file that it has opened. */
export interface Opened {
  readonly size: number;
  /** Time of the last change, in ms since 1970; null if the system has none. */
  readonly mtime: number | null;
}
