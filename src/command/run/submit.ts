import { lastValueFrom, toArray } from "rxjs";
import { unlessAborted } from "../../base/abort.ts";
import { checkCount } from "../../base/check.ts";
import { countText } from "../../base/count_text.ts";
import { resolve } from "../../base/path.ts";
import { preparedPlace } from "../../queue/prepared_place.ts";
import { type QueuedRun, runId } from "../../queue/run.ts";
import { RunStore } from "../../queue/session_queue.ts";
import { submit as submitRun, type SubmitSummary } from "../../queue/submit.ts";
import {
  needsRanges,
  withMeasuredRanges,
} from "../../recipe/measured_ranges.ts";
import {
  type Recipe,
  recipeChain,
  recipeSessions,
} from "../../recipe/recipe.ts";
import type { ShardFormat } from "../../shards/shard_format.ts";
import type { ReadFlags } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import { connected, type QueueFlags, queueName } from "../shared/queue.ts";
import { foundRecipe } from "./found_recipe.ts";

interface SubmitFlags extends ReadFlags, QueueFlags {
  readonly shards?: ShardFormat;
  readonly attempts?: number;
  readonly retryFailed?: boolean;
}

const ACT = "submit";
const FIRST_PAUSE_MS = 1000;
const MOST_ATTEMPTS = 100;

/** `rxephys submit`: the sessions of a data set in a queue, for workers. */
export async function submit(
  invocation: Invocation,
  flags: SubmitFlags,
  [data = "", place = ""]: readonly string[],
): Promise<void> {
  const { signal, onWarning } = invocation;
  const { shards: format = "npz", attempts = 4 } = flags;
  const queue = queueName(ACT, flags);
  checkCount(ACT, "--attempts", attempts, 1, MOST_ATTEMPTS);
  // Nothing is read for a queue that is not there.
  await using connection = await connected(invocation, flags, { act: ACT });
  const found = await foundRecipe(data, flags, signal);
  const recipe = withWholePaths(found);
  const run = { recipe, place: wholePath(place), format };
  try {
    const id = await runId(run);
    const before = await new RunStore(connection.client, queue).get(id);
    const ready = before?.recipe ?? await withRanges(recipe, invocation);
    const sessions = await unlessAborted(
      lastValueFrom(
        recipeSessions(ready, { onWarning })
          .pipe(recipeChain(ready), toArray()),
      ),
      signal,
    );
    const written = await preparedPlace(run, sessions, { signal });
    const queued: QueuedRun = before ?? {
      ...{ ...run, recipe: ready, id, sessions: sessions.length },
      submitted: new Date().toISOString(),
    };
    const summary = await submitRun(connection, queued, {
      ...{ queue, written, attempts, signal },
      sessions: sessions.map(({ id }) => id),
      backoffMs: FIRST_PAUSE_MS,
      retriesFailed: flags.retryFailed ?? false,
    });
    invocation.warned();
    invocation.print(summaryText(summary), summary);
  } catch (error) {
    throw connection.errorOf(error);
  }
}

/** The recipe with ranges; measuring them reads every session. */
async function withRanges(
  recipe: Recipe,
  { signal, onWarning, note }: Invocation,
): Promise<Recipe> {
  if (!needsRanges(recipe)) return recipe;
  note("Measuring the ranges of all sessions, once for all workers.");
  return await withMeasuredRanges(recipe, { signal, onWarning });
}

/** The recipe as other working directories read it. */
function withWholePaths({ data, options, ...recipe }: Recipe): Recipe {
  const { wav } = options;
  return {
    ...recipe,
    data: wholePath(data),
    options: { ...options, ...(wav !== undefined && { wav: wholePath(wav) }) },
  };
}

/** A path from the root; an address stays as it is. */
function wholePath(name: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(name) ? name : resolve(name);
}

function summaryText(
  { run, sessions, added, written, queued, failed }: SubmitSummary,
): string {
  const parts = [
    `Run ${run}: queued ${added} of ${countText(sessions, "session")}`,
  ];
  if (written > 0) parts.push(`${written} are written`);
  if (queued > 0) parts.push(`${queued} were in the queue`);
  if (failed > 0) {
    parts.push(`${failed} failed before; --retry-failed queues them again`);
  }
  return parts.join("; ");
}
