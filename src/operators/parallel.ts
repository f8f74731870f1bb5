import { defer, map, type MonoTypeOperatorFunction } from "rxjs";
import { checkCount, checkRange } from "../base/check.ts";
import { checkThreads, coreCount } from "../platform/threads.ts";
import {
  type Call,
  editOf,
  lineageOf,
  type Link,
  linksOf,
  type Step,
  withStep,
} from "../stream/lineage.ts";
import { listedOf, withListed } from "../stream/listed_session.ts";
import type { Session } from "../session.ts";
import { checkOperatorOptions } from "./_arguments.ts";
import { type RemoteKey, remoteSession } from "./workers/remote_session.ts";
import type { Chain, OpenChain } from "./workers/messages.ts";
import { WorkerPool } from "./workers/pool.ts";

/** `parallel()` if a pipeline's option asks for it. */
export function parallelSteps(
  asked: boolean | number = false,
): MonoTypeOperatorFunction<Session>[] {
  if (asked === false) return [];
  return [parallel(asked === true ? {} : { workers: asked })];
}

/** Options for {@linkcode parallel}. */
export interface ParallelOptions {
  /**
   * Number of workers, 1 to 64; all of them start.
   *
   * @default this thread and workers, together one per core, where workers pay;
   * with `timeoutMs` or `module` a worker per core
   */
  readonly workers?: number;
  /**
   * Longest time that a worker may take for one read, in ms, above 0; then the
   * worker is ended and the stream fails with a {@linkcode WorkerError}.
   *
   * @default {Infinity}
   */
  readonly timeoutMs?: number;
  /**
   * Module whose default export is a function that returns the stream before
   * `parallel()`, an `Observable<Session>`: for chains with functions, such as
   * that of `mapResponses()`, or with your own source.
   *
   * @default the chain of built-in source and operators, which workers repeat
   */
  readonly module?: string | URL;
}

/**
 * Moves the reads of the chain before it to Deno workers, each with its own
 * access to the archive.
 *
 * - In: sessions of a built-in source, after built-in operators; or, with
 *   `module`, the sessions of any chain in a module. Out: the same sessions with
 *   the same results, bit by bit, in the same order.
 * - Without `workers`, this thread reads, too, and each 0.7 s of work gets a
 *   thread, as far as cores reach: by the bytes of the files that wait, workers
 *   start from 70 MB of CRCNS AC1 or 700 MB of Wingert 2026 on. Less is read in
 *   this thread alone, which is as fast. With `workers` that many start in any
 *   case, and this thread only waits for them.
 * - Threads read and compute; results of workers arrive as copies. A session and
 *   its cache stay in one thread; `maxCacheBytes` counts per thread. They read
 *   ahead of the sink, session after session, while less than 64 MB waits for it;
 *   a worker is asked for four presentations at a time.
 * - `mask()` and the operators behind it run in the main thread, since it
 *   remembers the length of every stimulus for all sessions. Put `parallel()`
 *   last, or before a `normalize()` without ranges. `filter`, `take` and a `map`
 *   that changes only `id` or `cells` may stand anywhere.
 * - A worker starts at its first read at the earliest and ends with the sink. Without a sink it
 *   ends after 2 s without a read, and does not keep the process alive.
 * - Warnings reach the source's `onWarning` once, whichever worker they come
 *   from; with `module` each worker's chain has its own `onWarning`.
 * - A worker that exits is a `WorkerError`; one that loops for ever is one after
 *   `timeoutMs`. A worker that runs out of memory ends the whole process, since
 *   Deno has no limit of memory per worker: use fewer workers, or a smaller
 *   `maxCacheBytes`.
 * - Needs permission to read the package's folder, if it is local, and the module.
 *
 * @example A worker per core, if they pay
 * ```ts
 * import { crcnsAc1Pipeline, parallel, toDataset, wehr } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const load = () =>
 *   lastValueFrom(
 *     wehr("data").pipe(crcnsAc1Pipeline(), parallel(), toDataset()),
 *   );
 * ```
 *
 * @example A chain with a function: it lives in a module, here `chain.ts`
 * ```ts ignore
 * // chain.ts
 * export default () =>
 *   wehr("data").pipe(detrend(), mapResponses(rectified), bin());
 *
 * // main.ts
 * import chain from "./chain.ts";
 * const module = new URL("./chain.ts", import.meta.url);
 * const read = chain().pipe(parallel({ module }), toNdjson("out.ndjson"));
 * ```
 *
 * @throws {RangeError} When called, if `workers` is outside its range; in the
 * stream, if the module gives another chain or other sessions.
 * @throws {TypeError} When called, if `module` is no address; in the stream, if
 * workers cannot repeat the chain.
 * @throws {UnsupportedError} When called, if the platform has no threads, as in a
 * browser.
 * @throws {WorkerError} In the stream, if a worker exits before it answers.
 */
export function parallel(
  options: ParallelOptions = {},
): MonoTypeOperatorFunction<Session> {
  const known = ["workers", "timeoutMs", "module"] as const;
  checkOperatorOptions("read in workers", "parallel", options, known);
  checkThreads("read in workers", "leave parallel() out here");
  const { workers, timeoutMs = Infinity, module } = options;
  const count = workers ?? Math.min(64, coreCount());
  checkCount("read in workers", "workers", count, 1, 64);
  // This thread cannot end a read of its own that takes too long.
  const withLocal = workers === undefined && module === undefined &&
    timeoutMs === Infinity;
  checkRange(
    "read in workers",
    "timeoutMs",
    timeoutMs,
    Number.MIN_VALUE,
    Infinity,
  );
  const address = module === undefined ? undefined : addressOf(module);
  return (sessions) =>
    defer(() => {
      const pool = new WorkerPool({ workers: count, withLocal, timeoutMs });
      const chains = new Chains();
      return sessions.pipe(
        map((session) => inWorkers(session, address, pool, chains)),
      );
    });
}

function addressOf(module: string | URL): string {
  const address = String(module);
  if (URL.canParse(address)) return address;
  throw new TypeError(
    `Cannot read in workers: module is ${address}, ` +
      "expected new URL(path, import.meta.url)",
  );
}

function inWorkers(
  session: Session,
  module: string | undefined,
  pool: WorkerPool,
  chains: Chains,
): Session {
  const links = linksOf(session);
  const found = links.findIndex(({ step }) => step.hasMemory);
  const split = found < 0 ? links.length : found;
  const [far, near] = [links.slice(0, split), links.slice(split)];
  const base = near[0]?.previous ?? session;
  const { chain, key, ...rest } = module === undefined
    ? recipeOf(base, far, near.map(({ step }) => step))
    : {
      chain: { module, steps: links.map(({ step }) => step.name) },
      key: { hint: session.id, edits: [] },
      warn: (): void => {},
    };
  const remote = remoteSession(base, chains.open(chain, rest), key, pool);
  const made = near.reduce((before, { previous, step }) => {
    const edited = editedAs(before, previous);
    return withStep(applied(step, edited), edited, step);
  }, remote);
  const listed = listedOf(session);
  const edited = editedAs(made, session);
  return listed === undefined ? edited : withListed(edited, listed);
}

/** A session with the name and cells of another one. */
function editedAs(session: Session, { id, cells }: Session): Session {
  return { ...session, id, cells };
}

interface Recipe {
  readonly chain: Chain;
  readonly key: RemoteKey;
  readonly warn: OpenChain["warn"];
  readonly shared?: OpenChain["shared"];
}

function recipeOf(
  base: Session,
  far: readonly Link[],
  near: readonly Step[],
): Recipe {
  const steps = far.map(({ step }) => step);
  const obstacle = [...steps, ...near].find((step) => step.obstacle);
  if (obstacle) throw refused(obstacle.name, obstacle.obstacle);
  const calls = steps.map(({ name, call }): Call => {
    if (call) return call;
    throw refused(name, "parallel({ module })");
  });
  const { source: origin } = lineageOf(far[0]?.previous ?? base);
  if (origin === undefined) {
    throw new TypeError(
      `Cannot read in workers: session "${base.id}" is not as a built-in ` +
        "source gave it, expected parallel({ module }) with its chain",
    );
  }
  const edits = far.flatMap(({ previous }, step) => {
    const edit = editOf(previous);
    return edit ? [{ step, ...edit }] : [];
  });
  const { source, hint, workMs, keepsStimuli = false, ...rest } = origin;
  return {
    chain: { source, steps: calls },
    key: {
      hint,
      edits,
      keepsStimuli,
      ...(workMs !== undefined && { workMs }),
    },
    ...rest,
  };
}

function refused(name: string, expected: string | undefined): TypeError {
  return new TypeError(
    `Cannot read in workers: ${name}() is before parallel(), ` +
      `expected ${expected}`,
  );
}

function applied({ name, apply }: Step, session: Session): Session {
  if (apply) return apply(session);
  throw refused(name, "it after parallel()");
}

/** The chains of a stream, each under a number. */
class Chains {
  readonly #open = new Map<string, OpenChain>();
  readonly #blobs = new Map<Blob, number>();

  open(chain: Chain, rest: Omit<OpenChain, "number" | "chain">): OpenChain {
    // JSON has nothing for a blob: two files would pass for the same one.
    const name = JSON.stringify(
      chain,
      (_, value) => value instanceof Blob ? this.#numberOf(value) : value,
    );
    const known = this.#open.get(name);
    if (known) return known;
    const opened = { number: this.#open.size, chain, ...rest };
    this.#open.set(name, opened);
    return opened;
  }

  #numberOf(blob: Blob): string {
    const number = this.#blobs.get(blob) ?? this.#blobs.size;
    this.#blobs.set(blob, number);
    return `blob ${number}`;
  }
}
