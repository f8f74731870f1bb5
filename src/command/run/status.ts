import { countText } from "../../base/count_text.ts";
import {
  type ActiveSession,
  type FailedSession,
  type QueueStatus,
  queueStatus,
} from "../../queue/status.ts";
import { removeRun } from "../../queue/remove_run.ts";
import type { Invocation } from "../shared/invocation.ts";
import { connected, type QueueFlags, queueName } from "../shared/queue.ts";
import { textTable, timeText } from "../shared/text.ts";

interface StatusFlags extends QueueFlags {
  readonly failed?: boolean;
  readonly remove?: string;
}

const ACT = "show the queue";
/** Failed sessions that are listed. */
const MOST_FAILED = 1000;

/** `rxephys status`: how far the runs of a queue are. */
export async function status(
  invocation: Invocation,
  flags: StatusFlags,
): Promise<void> {
  const queue = queueName(ACT, flags);
  await using connection = await connected(invocation, flags, { act: ACT });
  try {
    if (flags.remove !== undefined) {
      const run = flags.remove;
      const sessions = await removeRun(connection, queue, run);
      const text = `Removed run ${run}: ${countText(sessions, "session")}`;
      return invocation.print(text, { run, sessions });
    }
    const maxFailed = flags.failed ? MOST_FAILED : 0;
    const state = await queueStatus(connection, { queue, maxFailed });
    const text = flags.failed ? failedText(state) : statusText(state);
    invocation.print(text, state);
  } catch (error) {
    throw connection.errorOf(error);
  }
}

function statusText({ runs, active }: QueueStatus): string {
  if (runs.length === 0) return "The queue is empty.";
  const header = ["run", "waiting", "active", "retry", "done", "failed"];
  const table = textTable(
    [...header, "of", "place"],
    runs.map(({ run, waiting, active, delayed, done, failed, ...rest }) => [
      ...[run, waiting, active, delayed, done, failed, rest.sessions],
      rest.place,
    ]),
  );
  const failed = runs.reduce((sum, { failed }) => sum + failed, 0);
  return [
    table,
    ...active.map(activeText),
    ...failed > 0
      ? [`${countText(failed, "session")} failed: --failed lists them.`]
      : [],
  ].join("\n");
}

function activeText(
  { session, done, total, attempt, ms }: ActiveSession,
): string {
  const parts = [timeText(ms / 1000)];
  if (done !== undefined) parts.unshift(`${done}/${total ?? "?"} sounds`);
  if (attempt > 1) parts.push(`attempt ${attempt}`);
  return `  ${session}: ${parts.join(", ")}`;
}

function failedText({ failed }: QueueStatus): string {
  if (failed.length === 0) return "No session has failed.";
  return textTable(
    ["run", "session", "attempts", "last", "error"],
    failed.map(({ run, session, attempts, at, reason }: FailedSession) => [
      ...[run, session, attempts, at, reason],
    ]),
  );
}
