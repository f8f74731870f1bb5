// Entry of the worker's bundle: the pipelines run here, beside the page.
import { catchError, EMPTY, Observable, Subject, switchMap } from "rxjs";
import { DATA_SETS } from "../../recipe/data_set.ts";
import type { FromWorker, OpenedData, ToWorker } from "../protocol.ts";
import { failureKind } from "./failure_kind.ts";
import { openData } from "./open_data.ts";
import { ViewReader } from "./view_reader.ts";

interface WorkerScope {
  postMessage(message: FromWorker, transfer: readonly Transferable[]): void;
  onmessage: (event: { readonly data: ToWorker }) => void;
}

const scope = globalThis as unknown as WorkerScope;

function post(
  message: FromWorker,
  transfer: readonly Transferable[] = [],
): void {
  scope.postMessage(message, transfer);
}

function fail(error: unknown, isFatal: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  post({ type: "failure", kind: failureKind(error), message, isFatal });
}

/** Runs a task whose reads end when it is unsubscribed. */
function task(run: (signal: AbortSignal) => Promise<void>): Observable<never> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    run(controller.signal).then(
      () => subscriber.complete(),
      (error: unknown) => {
        if (!controller.signal.aborted) subscriber.error(error);
      },
    );
    return () => controller.abort();
  });
}

let reader: ViewReader | undefined;

async function open(data: OpenedData, signal: AbortSignal): Promise<void> {
  reader = undefined;
  const onWarning = (
    { kind, message, count }: { kind: string; message: string; count: number },
  ): void => post({ type: "warning", warning: { kind, message, count } });
  const opened = await openData(data, { onWarning }, { signal });
  signal.throwIfAborted();
  reader = new ViewReader(opened);
  const { dataSet, sessions } = opened;
  post({
    type: "opened",
    dataSet,
    title: DATA_SETS[dataSet].title,
    sessions: sessions.map(({ id, cells }) => ({ id, cells })),
  });
}

async function list(session: number, signal: AbortSignal): Promise<void> {
  const current = reader;
  const presentations = await current?.presentations(session, { signal });
  signal.throwIfAborted();
  if (presentations === undefined || reader !== current) return;
  const stimuli = presentations.map(({ stimulus }) => ({
    key: stimulus.key,
    meta: stimulus.meta,
    durationMs: stimulus.durationMs,
  }));
  post({ type: "stimuli", session, stimuli });
}

async function show(
  { request }: Extract<ToWorker, { type: "view" }>,
  signal: AbortSignal,
): Promise<void> {
  const current = reader;
  const view = await current?.view(request, { signal });
  signal.throwIfAborted();
  if (reader !== current) return;
  post(view ? { type: "view", view } : { type: "empty", request });
}

/** Tasks of one type: the last one ends those before it. */
function lastOf<Message>(
  run: (message: Message, signal: AbortSignal) => Promise<void>,
  isFatal: boolean,
): (message: Message) => void {
  const messages = new Subject<Message>();
  messages.pipe(
    switchMap((message) =>
      task((signal) => run(message, signal)).pipe(
        catchError((error) => {
          fail(error, isFatal);
          return EMPTY;
        }),
      )
    ),
  ).subscribe();
  return (message) => messages.next(message);
}

const opening = lastOf(open, true);
const listing = lastOf(list, false);
const showing = lastOf(show, false);

scope.onmessage = ({ data: message }) => {
  if (message.type === "open") opening(message.data);
  else if (message.type === "session") listing(message.session);
  else showing(message);
};
