import type {
  Presentation,
  ReadOptions,
  Session,
  Stimulus,
  Trials,
} from "../session.ts";
import type { Signal } from "../session.ts";
import type { Tensor } from "../tensor.ts";

/** The same session with every presentation replaced; nothing is read. */
export function mapPresentations(
  session: Session,
  replace: (presentation: Presentation) => Presentation,
): Session {
  return {
    id: session.id,
    cells: session.cells,
    presentations: async (options) =>
      (await session.presentations(options)).map(replace),
  };
}

/** The same presentation with a kernel behind the read of its responses. */
export function mapTrials(
  presentation: Presentation,
  kernel: (trials: Trials, options: ReadOptions) => Trials | Promise<Trials>,
): Presentation {
  return {
    stimulus: presentation.stimulus,
    read: async (options = {}) =>
      await kernel(await presentation.read(options), options),
  };
}

/** The same stimulus with a kernel behind its read. */
export function mapStimulus(
  stimulus: Stimulus,
  kernel: (read: Signal | Tensor) => Signal | Tensor,
): Stimulus {
  return {
    key: stimulus.key,
    meta: stimulus.meta,
    durationMs: stimulus.durationMs,
    read: async (options) => kernel(await stimulus.read(options)),
  };
}
