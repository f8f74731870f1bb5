import {
  catchError,
  concatWith,
  defer,
  finalize,
  from,
  mergeMap,
  type Observable,
  toArray,
} from "rxjs";
import { join } from "../base/path.ts";
import { inOrder } from "../base/turns.ts";
import { makeWorkFolder, type WorkFolder } from "../base/work_folder.ts";
import { OutputError } from "../errors.ts";
import type { Place } from "../places/place.ts";
import { fileReason, isSystemError } from "../platform/file_reason.ts";
import type { Session } from "../session.ts";
import {
  type ReadPresentation,
  readSessions,
  type SessionVisitor,
  type SinkOptions,
} from "../stream/read_sessions.ts";
import { StimulusReads } from "../stream/stimulus_reads.ts";
import { TallySum } from "../stream/tally.ts";
import { type OwnSession, type Share, shareOf } from "./_own_sessions.ts";
import { type NotedSession, notedSession } from "./_session_facts.ts";
import { ShardFile } from "./_shard_file.ts";
import { storedShard, storeShard } from "./_stored_shard.ts";
import { type ShardJob, startJob } from "./job.ts";
import type { SessionManifest } from "./manifest.ts";
import {
  type LoadedShardFormat,
  loadShardFormat,
  type ShardFormat,
} from "./shard_format.ts";
import type { ShardSummary } from "./shard_options.ts";

/** Manifests that are looked for at the same time. */
const LOOKUPS = 16;

/** Writes the shards of a stream that a place lacks; emits one summary. */
export function writeShards(
  sessions: Observable<Session>,
  place: Place,
  format: ShardFormat,
  options: SinkOptions,
): Observable<ShardSummary> {
  return defer(() => {
    const run = new ShardRun(place, format, options);
    return sessions.pipe(
      toArray(),
      mergeMap((all) => run.open(all)),
      mergeMap((tasks) => readSessions(from(tasks), run, run.options)),
      concatWith(defer(async () => {
        await run.leave();
        return run.summary();
      })),
      // The work folder is removed before the error is passed on. If that fails,
      // too, the first error counts.
      catchError(async (error) => {
        await run.leave().catch(() => {});
        throw error;
      }),
      // No subscriber is left to take an error. The next run removes the folder.
      finalize(() => void run.leave().catch(() => {})),
    );
  });
}

/** A session whose shard the place lacks. */
interface Task extends OwnSession {
  readonly noted: NotedSession;
  /** Manifest of a shard that is missing or cut. */
  readonly before?: SessionManifest;
}

/** What a run has opened. */
interface Opened {
  readonly share: Share;
  readonly folder: WorkFolder;
  readonly loaded: LoadedShardFormat;
}

/** Writes the shards of one subscription. */
class ShardRun implements SessionVisitor {
  readonly #place: Place;
  readonly #format: ShardFormat;
  readonly #options: SinkOptions;
  readonly #controller = new AbortController();
  readonly #tasks = new Map<Session, Task>();
  readonly #stimuli = new StimulusReads();
  readonly #tally = new TallySum();
  readonly #sums = { bytes: 0, stimuli: 0, responses: 0, cells: 0 };
  readonly #counts = { sessions: 0, written: 0, kept: 0 };
  #opened: Opened | undefined;
  /** The file of the session that is read. */
  #file: ShardFile | undefined;
  /** The work under way. */
  #busy: Promise<unknown> | undefined;
  #isOver = false;

  constructor(place: Place, format: ShardFormat, options: SinkOptions) {
    this.#place = place;
    this.#format = format;
    this.#options = options;
  }

  /** Options for reading, whose progress counts shards that are kept, too. */
  get options(): SinkOptions {
    const { concurrency, onProgress } = this.#options;
    const { sessions: sessionsTotal, kept } = this.#counts;
    return {
      ...(concurrency !== undefined && { concurrency }),
      onProgress: ({ sessionsDone, presentationsDone }) =>
        onProgress?.({
          sessionsDone: kept + sessionsDone,
          sessionsTotal,
          presentationsDone,
        }),
    };
  }

  /** Checks the job of the place; the sessions whose shards it lacks. */
  open(sessions: readonly Session[]): Promise<readonly Session[]> {
    return this.#act(async () => {
      const share = shareOf(sessions, this.#format);
      if (share === null) return [];
      const { signal } = this.#controller;
      await startJob(this.#place, share.job, { signal });
      const loaded = await loadShardFormat(this.#format);
      const folder = await makeWorkFolder(this.#place.folder);
      this.#opened = { share, loaded, folder };
      this.#counts.sessions = share.own.length;
      await inOrder(
        share.own,
        LOOKUPS,
        (own) => this.#lookUp(own, share),
        (task) => void (task && this.#tasks.set(task.noted.session, task)),
      );
      const { sessions: sessionsTotal, kept: sessionsDone } = this.#counts;
      const done = { sessionsDone, sessionsTotal, presentationsDone: 0 };
      this.#options.onProgress?.(done);
      return [...this.#tasks.keys()];
    });
  }

  visit(item: ReadPresentation, session: Session): Promise<void> {
    return this.#act(async () => {
      const { file } = await this.#fileOf(session);
      await file.write(item);
    });
  }

  end(session: Session): Promise<void> {
    return this.#act(async () => {
      const { file, task, opened } = await this.#fileOf(session);
      const { listed: { position, partOf }, recipe, noted, before } = task;
      const { job } = opened.share;
      const manifest: SessionManifest = {
        position,
        session: session.id,
        recipe,
        format: job.format,
        ...await file.finish(),
        ...(partOf !== undefined && { partOf }),
        facts: noted.facts(),
      };
      const { signal } = this.#controller;
      const place = this.#place;
      await storeShard(place, job, file.path, manifest, before, { signal });
      this.#closeFile();
      this.#tasks.delete(session);
      this.#count(manifest);
      this.#counts.written++;
    });
  }

  summary(): ShardSummary {
    return {
      place: this.#place.name,
      ...this.#counts,
      ...this.#sums,
      tally: this.#tally.total,
    };
  }

  /** Ends the work under way and removes the work folder. */
  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller.abort();
    await Promise.allSettled([this.#busy]);
    try {
      this.#closeFile();
    } finally {
      this.#opened?.folder[Symbol.dispose]();
    }
  }

  /** The task of a session; null if its shard is there. */
  async #lookUp(own: OwnSession, { job }: Share): Promise<Task | null> {
    const { signal } = this.#controller;
    const stored = await storedShard(this.#place, job, own, { signal });
    const { manifest, isWhole } = stored;
    if (manifest && isWhole) {
      this.#count(manifest);
      this.#counts.kept++;
      return null;
    }
    // The bins of a masked stimulus follow from how long it was presented.
    const noted = hasKeyedStimuli(job)
      ? notedSession(
        own.session,
        (stimulus, options = {}) =>
          this.#stimuli.read(stimulus, options, stimulus.durationMs),
      )
      : notedSession(own.session);
    return { ...own, noted, ...(manifest && { before: manifest }) };
  }

  async #fileOf(
    session: Session,
  ): Promise<{ file: ShardFile; task: Task; opened: Opened }> {
    const [task, opened] = [this.#tasks.get(session), this.#opened];
    if (task === undefined || opened === undefined) {
      throw new TypeError("Cannot write shards: the session is no task");
    }
    const { folder, loaded } = opened;
    const path = join(folder.path, String(task.listed.position));
    const file = this.#file ?? await ShardFile.start(path, session, loaded);
    this.#file = file;
    return { file, task, opened };
  }

  #closeFile(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #count({ bytes, stimuli, responses, cells, tally }: SessionManifest): void {
    this.#sums.bytes += bytes;
    this.#sums.stimuli += stimuli;
    this.#sums.responses += responses;
    this.#sums.cells += cells;
    this.#tally.add(tally);
  }

  async #act<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#controller.signal.throwIfAborted();
    try {
      const acting = act();
      this.#busy = acting;
      return await acting;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const text = `Cannot write shards: ${fileReason(error)}`;
      throw new OutputError(text, { path: this.#place.name, cause: error });
    } finally {
      this.#busy = undefined;
    }
  }
}

/**
 * Whether a stimulus of one key and duration is the same in every session, as in an
 * archive: files of different sessions may disagree, and a user's function may look
 * at the session.
 */
function hasKeyedStimuli({ recipe: { source, steps } }: ShardJob): boolean {
  return source !== null && !source.perSession &&
    !steps.some(({ name }) => ["mapStimuli", "presentations"].includes(name));
}
