import {
  BehaviorSubject,
  filter,
  map,
  type Observable,
  race,
  Subject,
  switchMap,
  throttle,
  timer,
} from "rxjs";
import type {
  FromWorker,
  OpenedData,
  SessionEntry,
  StimulusEntry,
  View,
  ViewRequest,
  WarningEntry,
} from "../protocol.ts";
import type { DataSetName } from "../../recipe/data_set.ts";
import type { Settings } from "../settings.ts";
import type { ShownView } from "./exports.ts";
import { startWorker, type WorkerClient } from "./worker_client.ts";

/** Choice in the lists. */
export interface Choice {
  readonly session: number;
  readonly cell: number;
  readonly stimulus: number;
  readonly repeat: number;
}

/** Data that are open. */
export interface Opened {
  readonly dataSet: DataSetName;
  readonly title: string;
  readonly name: string;
  readonly sessions: readonly SessionEntry[];
}

/** Longest wait for an answer before a slider may ask again. */
const MOST_MS = 3000;

/**
 * State of the page and its talk with the worker. A choice in a list ends the read
 * under way. Of the moves of a slider the last one counts: the next is sent when
 * the one before is drawn, so that pictures keep up with a drag.
 */
export class Explorer {
  /** Messages of the worker that the page shows. */
  readonly messages: Subject<FromWorker> = new Subject();
  readonly warnings: Map<string, WarningEntry> = new Map();
  opened: Opened | undefined;
  stimuli: readonly StimulusEntry[] = [];
  choice: Choice = { session: 0, cell: 0, stimulus: 0, repeat: 0 };
  view: View | undefined;
  readonly #choices = new Subject<Choice>();
  readonly #answers = new Subject<void>();
  readonly #isBusy = new BehaviorSubject(false);
  #worker: WorkerClient | undefined;
  #name = "";

  /** @param settings Options of the chain, as the sliders move. */
  constructor(settings: Observable<Settings>) {
    const requests = this.#choices.pipe(
      switchMap((choice) =>
        settings.pipe(
          throttle(
            () => race(this.#answers, timer(MOST_MS)),
            { leading: true, trailing: true },
          ),
          map((values): ViewRequest => ({ ...choice, settings: values })),
        )
      ),
    );
    requests.pipe(filter(() => this.opened !== undefined))
      .subscribe((request) => {
        this.#isBusy.next(true);
        this.#worker?.send({ type: "view", request });
      });
  }

  /** Whether a picture is being made; true only if it takes longer than a blink. */
  get busy(): Observable<boolean> {
    return this.#isBusy.pipe(
      switchMap((isBusy) =>
        isBusy ? timer(200).pipe(map(() => true)) : [false]
      ),
    );
  }

  /** View in the picture; undefined if there is none. */
  get shown(): ShownView | undefined {
    const { view, opened } = this;
    if (!view || !opened) return undefined;
    const session = opened.sessions[view.request.session];
    return {
      view,
      dataSet: opened.dataSet,
      data: opened.name,
      session: session?.id ?? "",
      cell: session?.cells[view.request.cell] ?? {},
      stim: this.stimuli[view.request.stimulus]?.meta ?? {},
    };
  }

  /** Opens data in a new worker; the old one ends with all it reads. */
  open(data: OpenedData, name: string): void {
    this.close();
    this.#name = name;
    this.#worker = startWorker((message) => this.#receive(message));
    this.#worker.send({ type: "open", data });
  }

  /** Ends the worker and forgets the data. */
  close(): void {
    this.#worker?.end();
    this.opened = undefined;
    this.stimuli = [];
    this.view = undefined;
    this.warnings.clear();
    this.#isBusy.next(false);
  }

  /** Chooses a session, and lists its stimuli. */
  chooseSession(session: number): void {
    this.choice = { session, cell: 0, stimulus: 0, repeat: 0 };
    this.stimuli = [];
    this.view = undefined;
    this.#isBusy.next(true);
    this.#worker?.send({ type: "session", session });
  }

  /** Chooses a cell, a stimulus or a repeat, and draws it. */
  choose(part: Partial<Choice>): void {
    this.choice = { ...this.choice, ...part };
    this.#choices.next(this.choice);
  }

  #receive(message: FromWorker): void {
    if (message.type === "opened") {
      const { dataSet, title, sessions } = message;
      this.opened = { dataSet, title, name: this.#name, sessions };
    } else if (message.type === "stimuli") {
      if (message.session !== this.choice.session) return;
      this.stimuli = message.stimuli;
      this.#isBusy.next(false);
    } else if (message.type === "warning") {
      this.warnings.set(message.warning.kind, message.warning);
    } else if (message.type === "view" || message.type === "empty") {
      const { request } = message.type === "view" ? message.view : message;
      const { session, cell, stimulus } = this.choice;
      const isStale = request.session !== session || request.cell !== cell ||
        request.stimulus !== stimulus;
      if (isStale) return;
      this.view = message.type === "view" ? message.view : undefined;
      this.#isBusy.next(false);
    } else {
      this.view = undefined;
      this.#isBusy.next(false);
      if (message.isFatal) this.close();
    }
    this.messages.next(message);
    // Pictures are drawn now; the next move of a slider may be sent.
    if (!["opened", "stimuli", "warning"].includes(message.type)) {
      this.#answers.next();
    }
  }
}
