import type { Observable, OperatorFunction } from "rxjs";
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
  const run = new ShownRun(invocation, interrupted);
  const sink = make(run.onProgress);
  const share = shareOf(flags);
  const recipe = await foundRecipe(data, flags, signal);
  const stream = recipeSessions(recipe, { onWarning })
    .pipe(recipeChain(recipe), share, sink);
  return await run.last(stream);
}

/** Runs a sink and shows its progress. */
export class ShownRun {
  readonly #invocation: Invocation;
  readonly #interrupted: string | undefined;
  readonly #started = performance.now();
  #progress: ReturnType<Invocation["progress"]> | undefined;

  /** @param interrupted What to say if the run is interrupted. */
  constructor(invocation: Invocation, interrupted: string | undefined) {
    this.#invocation = invocation;
    this.#interrupted = interrupted;
  }

  /** Takes the progress of the sink. */
  readonly onProgress = ({ sessionsDone, ...state }: SinkProgress): void => {
    const { sessionsTotal, presentationsDone } = state;
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = presentationsDone / seconds;
    this.#progress?.update({
      done: sessionsDone,
      total: sessionsTotal,
      detail: `${rate.toFixed(rate < 10 ? 1 : 0)} sounds/s`,
    });
  };

  /** The summary of the sink, at its end. */
  async last<Summary>(stream: Observable<Summary>): Promise<Summary> {
    const { signal } = this.#invocation;
    const progress = this.#invocation.progress("sessions");
    this.#progress = progress;
    try {
      return await lastUnlessAborted(stream, { signal });
    } catch (error) {
      progress.end();
      if (signal.aborted && this.#interrupted !== undefined) {
        this.#invocation.note(this.#interrupted);
      }
      throw error;
    } finally {
      progress.end();
    }
  }
}
