import { Budget } from "../../base/limits.ts";
import type {
  CellMeta,
  CellResponse,
  GateTally,
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
} from "../../session.ts";
import type { Loaded } from "../../sources/shared/session_cache.ts";
import type { NwbContext } from "./_context.ts";
import type { NwbFile } from "./_nwb_file.ts";

/** Presentation of a file, before it is read. */
export interface FileStimulus {
  readonly key: string;
  readonly durationMs: number;
  readonly meta: Stimulus["meta"];
  readonly tally?: GateTally;
  readonly dtMs?: number | undefined;
  readStimulus(file: NwbFile): ReturnType<Stimulus["read"]>;
  readResponses(
    file: NwbFile,
    take: (bytes: number) => void,
  ): Promise<readonly (CellResponse | null)[]>;
}

/** Parts of a session, found when its file was opened. */
export interface NwbSessionParts {
  readonly id: string;
  readonly path: string;
  readonly cells: readonly CellMeta[];
  /** Lists the presentations, with all that they keep in memory. */
  list(file: NwbFile): Promise<Loaded<readonly FileStimulus[]>>;
}

const NONE: GateTally = { range: 0, step: 0, xcorr: 0, kept: 0 };

/** Session of one NWB file, which is open while its presentations are read. */
export class NwbSession implements Session {
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly #parts: NwbSessionParts;
  readonly #context: NwbContext;

  constructor(parts: NwbSessionParts, context: NwbContext) {
    this.id = parts.id;
    this.cells = parts.cells;
    this.#parts = parts;
    this.#context = context;
  }

  async presentations(
    { signal }: ReadOptions = {},
  ): Promise<readonly Presentation[]> {
    const { files, cache } = this.#context;
    const { path, list } = this.#parts;
    const done = files.keep(path);
    const close = (): void => {
      done();
      files.close(path);
    };
    signal?.addEventListener("abort", close);
    try {
      const listed = await cache.get(
        path,
        (signal) => files.use(path, signal, (file) => list(file)),
        signal,
      );
      const unread = new Set(listed);
      if (unread.size === 0) close();
      return listed.map((own) =>
        this.#presentation(own, () => {
          unread.delete(own);
          if (unread.size > 0) return;
          cache.spend(path);
          signal?.removeEventListener("abort", close);
          close();
        })
      );
    } catch (error) {
      signal?.removeEventListener("abort", close);
      close();
      throw error;
    }
  }

  #presentation(own: FileStimulus, wasRead: () => void): Presentation {
    const { files, limits } = this.#context;
    const { path } = this.#parts;
    const { key, meta, durationMs, dtMs, tally = NONE } = own;
    return {
      ...(dtMs !== undefined && { dtMs }),
      stimulus: {
        key,
        meta,
        durationMs,
        read: ({ signal } = {}) =>
          files.use(path, signal, (file) => own.readStimulus(file)),
      },
      read: async ({ signal } = {}): Promise<Trials> => {
        const budget = new Budget("read trials", limits, "readBytes");
        const responses = await files.use(
          path,
          signal,
          (file) =>
            own.readResponses(
              file,
              (bytes) => budget.take(bytes, { archive: file.name }),
            ),
        );
        // Spikes in memory are counted without a wait.
        signal?.throwIfAborted();
        wasRead();
        return { responses, tally };
      },
    };
  }
}
