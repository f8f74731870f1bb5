/** The thread of a slot: writes shards, one session at a time. */
import { from, lastValueFrom, map, toArray } from "rxjs";
import { RecordingError } from "../errors.ts";
import { parentThread } from "../platform/threads.ts";
import { recipeChain, recipeSessions } from "../recipe/recipe.ts";
import type { Session } from "../session.ts";
import { listedSessions } from "../stream/listed_session.ts";
import { toShards } from "../shards/mod.ts";
import type { SourceWarning } from "../sources/mod.ts";
import type { QueuedRun } from "./run.ts";
import type { SessionTask, TaskFailure, TaskReply } from "./session_task.ts";

const parent = parentThread();
/** Sessions of the last run: its jobs follow each other, and archives stay open. */
let opened:
  | { readonly id: string; readonly sessions: Promise<Session[]> }
  | undefined;

parent?.listen((message) => void answer(message as SessionTask));

async function answer(task: SessionTask): Promise<void> {
  try {
    const session = await sessionOf(task);
    const { place, format } = task.run;
    const total = (await session.presentations()).length;
    const { kept } = await lastValueFrom(
      from([session]).pipe(toShards(place, {
        format,
        onProgress: ({ presentationsDone: done }) =>
          post({ progress: { done, total } }),
      })),
    );
    post({ written: { wasThere: kept > 0 } });
  } catch (error) {
    // The next attempt opens the data anew.
    opened = undefined;
    post({ failure: failureOf(error) });
  }
}

function post(reply: TaskReply): void {
  parent?.post(reply, []);
}

async function sessionOf(
  { run, position, session: id }: SessionTask,
): Promise<Session> {
  if (opened?.id !== run.id) opened = { id: run.id, sessions: open(run) };
  const session = (await opened.sessions)[position];
  if (session?.id === id) return session;
  throw new RecordingError(
    `Cannot write session: session ${position + 1} of the data is ` +
      `"${session?.id ?? "none"}", expected "${id}" as at the submission`,
  );
}

function open({ recipe }: QueuedRun): Promise<Session[]> {
  // An error may not survive the way to the other thread.
  const onWarning = ({ cause: _, ...warning }: SourceWarning): void =>
    post({ warning });
  return lastValueFrom(
    recipeSessions(recipe, { onWarning })
      .pipe(recipeChain(recipe), toArray(), map(listedSessions)),
  );
}

/** Mistakes of the caller begin in this way, and another attempt repeats them. */
function failureOf(error: unknown): TaskFailure {
  const message = error instanceof Error ? error.message : String(error);
  const isFinal = (error instanceof RangeError || error instanceof TypeError) &&
    message.startsWith("Cannot ");
  return { message, isFinal };
}
