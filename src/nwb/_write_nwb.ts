import {
  catchError,
  concatWith,
  defer,
  finalize,
  from,
  mergeMap,
  type Observable,
  of,
} from "rxjs";
import { resolve } from "../base/path.ts";
import type { PartFile } from "../base/part_file.ts";
import type { Session } from "../session.ts";
import { checkUsed, tableOf } from "../sinks/files/journal.ts";
import { fingerprintOf } from "../stream/fingerprint.ts";
import {
  type ReadPresentation,
  readSessions,
} from "../stream/read_sessions.ts";
import { TallySum } from "../stream/tally.ts";
import {
  fieldsOf,
  type FullDescription,
  fullDescription,
} from "./description.ts";
import { NwbFolder, outputError } from "./_nwb_folder.ts";
import { SessionFile } from "./_session_file.ts";
import type { NwbOptions, NwbSummary } from "./nwb_options.ts";

/** Writes every session to a file of its own; emits one summary at the end. */
export function writeNwb(
  sessions: Observable<Session>,
  target: string,
  options: NwbOptions,
): Observable<NwbSummary> {
  return defer(() => {
    const path = resolve(target);
    const opening = NwbWriter.open(path, options);
    return from(opening).pipe(
      mergeMap((writer) => {
        const earlier = [...writer.folder.earlier];
        return readSessions(sessions, {
          accepts(session): boolean {
            const entry = earlier.shift();
            if (entry === undefined) return true;
            writer.restore(session, entry);
            return false;
          },
          visit: (item, session) => writer.write(item, session),
          end: (session) => writer.end(session),
        }, options).pipe(
          concatWith(defer(() => {
            checkUsed(earlier, writer.folder);
            return of(writer.summary);
          })),
          // The files are closed before the error is passed on.
          catchError(async (error) => {
            await writer.leave();
            throw error;
          }),
        );
      }),
      catchError((error) => {
        throw outputError(error, path);
      }),
      // No subscriber is left to take an error of the opening.
      finalize(() => void opening.then((writer) => writer.leave(), () => {})),
    );
  });
}

/** A file that is being written. */
interface OpenSession {
  readonly part: PartFile;
  readonly file: SessionFile;
  readonly description: FullDescription;
  readonly stims: Set<string>;
  readonly heard: Set<number>;
  readonly tally: TallySum;
  responses: number;
}

type Entry = NwbFolder["earlier"][number];

/** Writes the files of a folder one after the other. */
class NwbWriter {
  readonly folder: NwbFolder;
  readonly #options: NwbOptions;
  readonly #controller = new AbortController();
  readonly #stimuli = new Set<string>();
  readonly #tally = new TallySum();
  readonly #counts = { bytes: 0, files: 0, responses: 0, cells: 0 };
  #open: OpenSession | undefined;
  /** The work under way. */
  #busy: Promise<unknown> = Promise.resolve();
  #left: Promise<void> | undefined;

  private constructor(folder: NwbFolder, options: NwbOptions) {
    this.folder = folder;
    this.#options = options;
  }

  static async open(path: string, options: NwbOptions): Promise<NwbWriter> {
    const { overwrite = false, resume = false, compression = "none" } = options;
    const kind = `NWB, ${compression}`;
    const folder = await NwbFolder.open(path, { overwrite, resume, kind });
    return new NwbWriter(folder, options);
  }

  get summary(): NwbSummary {
    return {
      path: this.folder.path,
      ...this.#counts,
      stimuli: this.#stimuli.size,
      tally: this.#tally.total,
    };
  }

  /** Counts a session that an earlier run wrote. */
  restore(session: Session, entry: Entry): void {
    const description = this.#describe(session);
    this.#count(this.folder.restore(session, entry, description), entry);
  }

  write(item: ReadPresentation, session: Session): Promise<void> {
    return this.#act(async () => {
      const open = this.#open ??= await this.#begin(session);
      const { stimulus, read, trials } = item;
      const isNew = !open.file.hasStimulus(stimulus.key);
      const { signal } = this.#controller;
      // Each file has its stimuli; the sink reads those of the stream once.
      const waveform = isNew ? read ?? await stimulus.read({ signal }) : null;
      open.file.write(item, waveform);
      if (waveform) open.stims.add(stimulus.key);
      open.tally.add(trials.tally);
      for (const [cell, response] of trials.responses.entries()) {
        if (response === null) continue;
        open.heard.add(cell);
        open.responses++;
      }
    });
  }

  end(session: Session): Promise<void> {
    return this.#act(async () => {
      const { file, part, description, ...open } = this.#open ??= await this
        .#begin(session);
      file.finish();
      const trace = {
        stims: [...open.stims],
        cells: session.cells.map((_, cell) => cell),
        heard: [...open.heard],
        responses: open.responses,
        tally: open.tally.total,
        notes: {},
      };
      const bytes = await this.folder.commit(part, {
        session: session.id,
        table: tableOf(session),
        stream: fingerprintOf(session),
        facts: fieldsOf(description),
        ...trace,
      });
      this.#open = undefined;
      this.#count(bytes, trace);
    });
  }

  /** Closes everything after the work under way; removes the file begun. */
  leave(): Promise<void> {
    this.#controller.abort();
    return this.#left ??= this.#busy.then(() => {
      this.#open?.file[Symbol.dispose]();
      this.#open?.part[Symbol.dispose]();
      this.folder[Symbol.dispose]();
    });
  }

  #describe(session: Session): FullDescription {
    return fullDescription(session, this.#options.describe?.(session) ?? {});
  }

  async #begin(session: Session): Promise<OpenSession> {
    const { compression } = this.#options;
    const description = this.#describe(session);
    const part = await this.folder.begin(session);
    try {
      const isCompressed = compression === "gzip";
      const file = await SessionFile.create(
        part.file,
        session,
        description,
        isCompressed,
      );
      return {
        part,
        file,
        description,
        stims: new Set(),
        heard: new Set(),
        tally: new TallySum(),
        responses: 0,
      };
    } catch (error) {
      part[Symbol.dispose]();
      throw error;
    }
  }

  #count(
    bytes: number,
    { stims, heard, responses, tally }: Pick<
      Entry,
      "heard" | "responses" | "stims" | "tally"
    >,
  ): void {
    for (const key of stims) this.#stimuli.add(key);
    this.#counts.bytes += bytes;
    this.#counts.files++;
    this.#counts.responses += responses;
    this.#counts.cells += heard.length;
    this.#tally.add(tally);
  }

  #act<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#controller.signal.throwIfAborted();
    const acting = act();
    this.#busy = acting.catch(() => {});
    return acting;
  }
}
