import { checkCount, checkRange } from "../../base/check.ts";
import { countText } from "../../base/count_text.ts";
import { coreCount } from "../../platform/threads.ts";
import { work as workOn, type WorkEvent } from "../../queue/work.ts";
import type { Invocation } from "../shared/invocation.ts";
import { connected, type QueueFlags, queueName } from "../shared/queue.ts";
import { timeText } from "../shared/text.ts";

interface WorkFlags extends QueueFlags {
  readonly threads?: number;
  readonly untilEmpty?: boolean;
  readonly lock?: number;
  readonly hang?: number;
}

const ACT = "work";
const MOST_THREADS = 256;
const LONGEST_S = 86_400;

/** `rxephys work`: writes sessions of the queue until it is ended. */
export async function work(
  invocation: Invocation,
  flags: WorkFlags,
): Promise<void> {
  const { signal, onWarning, note } = invocation;
  const { threads = coreCount(), lock = 30, hang = 600 } = flags;
  const queue = queueName(ACT, flags);
  checkCount(ACT, "--threads", threads, 1, MOST_THREADS);
  checkRange(ACT, "--lock", lock, 1, LONGEST_S);
  checkRange(ACT, "--hang", hang, 1, LONGEST_S);
  const use = { act: ACT, isWorker: true };
  await using connection = await connected(invocation, flags, use);
  note(`Working in ${countText(threads, "thread")}; Ctrl-C ends it.`);
  const announce = (): void =>
    note("Ending after the sessions under way; a second signal ends at once.");
  signal.addEventListener("abort", announce);
  try {
    const summary = await workOn(connection, {
      ...{ queue, threads, signal, onWarning },
      lockMs: lock * 1000,
      hangMs: hang * 1000,
      untilEmpty: flags.untilEmpty ?? false,
      onEvent: (event) => note(eventText(event)),
    });
    const warnings = invocation.warned();
    const { done, failures } = summary;
    invocation.print(
      `Wrote ${countText(done, "session")}` +
        (failures > 0 ? `; ${countText(failures, "attempt")} failed` : ""),
      { ...summary, warnings },
    );
  } catch (error) {
    throw connection.errorOf(error);
  } finally {
    signal.removeEventListener("abort", announce);
  }
  signal.throwIfAborted();
}

function eventText(
  { kind, session, wasThere, ms = 0, reason, ...count }: WorkEvent,
): string {
  const { attempt = 1, attempts = 1 } = count;
  const time = timeText(ms / 1000);
  switch (kind) {
    case "done":
      return wasThere
        ? `${session}: was written before`
        : `${session}: written in ${time}`;
    case "returned":
      return `${session}: its worker has gone, it is in the queue again`;
    case "retry":
      return `${session}: attempt ${attempt} of ${attempts} failed: ${reason}`;
    case "failed":
      return `${session}: failed for good after ` +
        `${countText(attempt, "attempt")}: ${reason}`;
  }
}
