import { defer, map, type MonoTypeOperatorFunction, of, tap } from "rxjs";
import {
  type Call,
  lineageOf,
  withLineage,
  withStep,
} from "../stream/lineage.ts";
import type {
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
  Waveform,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";

/** The same session with every presentation replaced; nothing is read. */
export function mapPresentations(
  session: Session,
  replace: (presentation: Presentation) => Presentation,
): Session {
  const { id, cells } = session;
  const { whole } = lineageOf(session);
  return withLineage({
    ...session,
    id,
    cells,
    presentations: async (options) =>
      (await session.presentations(options)).map(replace),
  }, whole ? { whole: mapPresentations(whole, replace) } : {});
}

/** The same presentation with a kernel behind the read of its responses. */
export function mapTrials(
  presentation: Presentation,
  kernel: (trials: Trials, options: ReadOptions) => Trials | Promise<Trials>,
): Presentation {
  return {
    stimulus: presentation.stimulus,
    dtMs: presentation.dtMs,
    read: async (options = {}) =>
      await kernel(await presentation.read(options), options),
  };
}

/** The same presentation with bins of `dtMs`; nothing is read. */
export function withDtMs(
  presentation: Presentation,
  dtMs: number,
): Presentation {
  return {
    stimulus: presentation.stimulus,
    dtMs,
    read: (options) => presentation.read(options),
  };
}

/** The same stimulus with a kernel behind its read. */
export function mapStimulus(
  stimulus: Stimulus,
  kernel: (read: Waveform | Tensor) => Waveform | Tensor,
): Stimulus {
  return {
    key: stimulus.key,
    meta: stimulus.meta,
    durationMs: stimulus.durationMs,
    read: async (options) => kernel(await stimulus.read(options)),
  };
}

/**
 * The same operator, whose sessions tell how another thread makes it. It must
 * give each session at once, and keep no state between sessions.
 */
export function asStep(
  call: Call,
  operator: MonoTypeOperatorFunction<Session>,
): MonoTypeOperatorFunction<Session> {
  const { name } = call;
  const apply = (session: Session): Session => {
    let after = session;
    of(session).pipe(operator).subscribe((mapped) => after = mapped);
    return after;
  };
  return (sessions) =>
    defer(() => {
      let before: Session;
      return sessions.pipe(
        tap((session) => before = session),
        operator,
        map((after) => withStep(after, before, { name, call, apply })),
      );
    });
}
