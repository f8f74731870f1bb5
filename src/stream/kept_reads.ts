import type { Trials, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { joinedRepeats, ownCopy, ownRepeats } from "./own_memory.ts";

/** Result of reading a stimulus or the responses to it. */
export type ReadResult = Waveform | Tensor | Trials;

/** A result that is kept until its reader asks for it. */
export interface KeptRead<Result extends ReadResult> {
  /** The result; undefined if its keeper has ended. Called once. */
  take(): Promise<Result | undefined>;
}

/**
 * Keeps results that a pass over the stream reads before the sink does, so that
 * nothing is read twice.
 */
export interface ReadKeeper {
  /** Keeps a result; its arrays stay as they are. */
  keep<Result extends ReadResult>(result: Result): Promise<KeptRead<Result>>;
}

/**
 * Keeps results in memory, for sinks whose own result holds as much. Arrays are
 * copied: what was read can be collected meanwhile, and the copies can be mapped
 * in place.
 */
export const MEMORY_KEEPER: ReadKeeper = {
  keep: (result) => {
    const kept = ownResult(result) as typeof result;
    return Promise.resolve({ take: () => Promise.resolve(kept) });
  },
};

function ownResult(result: ReadResult): ReadResult {
  if ("responses" in result) return ownTrials(result);
  if ("shape" in result) return { ...result, data: ownCopy(result.data) };
  return result;
}

function ownTrials({ responses, tally }: Trials): Trials {
  return {
    responses: responses.map((response) =>
      response && {
        ...response,
        scale: 1,
        repeats: ownRepeats(joinedRepeats(response), response.repeats),
      }
    ),
    tally,
  };
}
