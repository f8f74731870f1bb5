import type { OperatorFunction } from "rxjs";
import { recipeChain, recipeSessions } from "../../recipe/recipe.ts";
import type { Session } from "../../session.ts";
import type { SinkProgress } from "../../sinks/mod.ts";
import { lastUnlessAborted } from "../../stream/last_unless_aborted.ts";
import type { ReadFlags } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import type { ShareFlags } from "../shared/share.ts";
import { foundRecipe } from "./found_recipe.ts";
import { shareOf } from "./share_of.ts";

/** Makes a sink that reports its progress. */
export type ReportingSink<Summary> = (
  onProgress: (progress: SinkProgress) => void,
) => OperatorFunction<Session, Summary>;

/**
 * Reads a data set through its standard chain into a sink, and shows the progress.
 *
 * @param make Makes the sink: a wrong name is refused before anything is read.
 * @param interrupted What to say about a run that is interrupted.
 */
export async function convertChain<Summary>(
  invocation: Invocation,
  flags: ReadFlags & ShareFlags,
  data: string,
  make: ReportingSink<Summary>,
  interrupted: string | undefined,
): Promise<Summary> {
  const { signal, onWarning } = invocation;
  const started = performance.now();
  const sink = make(({ sessionsDone, ...state }) => {
    const { sessionsTotal, presentationsDone } = state;
    const rate = presentationsDone / (performance.now() - started) * 1000;
    progress.update({
      done: sessionsDone,
      total: sessionsTotal,
      detail: `${rate.toFixed(rate < 10 ? 1 : 0)} sounds/s`,
    });
  });
  const share = shareOf(flags);
  const recipe = await foundRecipe(data, flags, signal);
  const stream = recipeSessions(recipe, { onWarning })
    .pipe(recipeChain(recipe), share, sink);
  const progress = invocation.progress("sessions");
  try {
    return await lastUnlessAborted(stream, { signal });
  } catch (error) {
    progress.end();
    if (signal.aborted && interrupted !== undefined) {
      invocation.note(interrupted);
    }
    throw error;
  } finally {
    progress.end();
  }
}
