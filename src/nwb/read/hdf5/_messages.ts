import type { Limits } from "../../../base/limits.ts";
import type { Stretch } from "../../../archive/bytes/stretches.ts";
import type { ChannelMemory } from "./_channel.ts";

/** Error of the data, as a message: its class, text, and the object it is about. */
export interface PlainFault {
  readonly kind: "archive" | "format" | "limit" | "unsupported";
  readonly message: string;
  readonly member?: string;
  /**
   * State of the library: `open` if it can read on, `failed` if it has reported an
   * error, so that the file must be opened again, `broken` if it is of no more use.
   */
  readonly after: "open" | "failed" | "broken";
}

/** File whose bytes come over a channel. */
export interface RemoteFile {
  readonly size: number;
  readonly memory: ChannelMemory;
}

/** File that a worker opens. */
export interface FilePlace {
  /** Path, or length of a file whose bytes the other thread fetches. */
  readonly from: string | RemoteFile;
  readonly limits: Limits;
  /** Counts what the worker has done, so that a worker that hangs is noticed. */
  readonly progress: Int32Array;
}

/** Read of one object. */
export type ObjectAsk =
  | { readonly what: "names"; readonly path: string }
  | {
    readonly what: "group" | "dataset";
    readonly path: string;
    /** Names of the attributes to read; all by default. */
    readonly attributes?: readonly string[] | undefined;
  }
  | {
    readonly what: "read";
    readonly path: string;
    readonly start: number | undefined;
    readonly stop: number | undefined;
  };

/** Read of a worker. */
export type Ask =
  | { readonly what: "open"; readonly place: FilePlace }
  | { readonly what: "close" }
  | ObjectAsk
  | {
    readonly what: "tree";
    readonly path: string;
    readonly maxObjects: number | undefined;
  }
  /** Its answer has null for each object that is not there. */
  | { readonly what: "all"; readonly asks: readonly ObjectAsk[] }
  | { readonly what: "paths"; readonly addresses: readonly bigint[] };

/** Message to a worker. */
export interface Request {
  readonly id: number;
  readonly ask: Ask;
}

/** Message from a worker; it answers in the order of the requests. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: PlainFault }
  /** Bytes of the file that the worker waits for. */
  | { readonly fetch: Stretch };
