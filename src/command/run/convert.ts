import type { OperatorFunction } from "rxjs";
import { countText } from "../../base/count_text.ts";
import { recipeChain, recipeSessions } from "../../recipe/recipe.ts";
import type { Session } from "../../session.ts";
import { lastUnlessAborted } from "../../stream/last_unless_aborted.ts";
import { droppedOf } from "../../stream/tally.ts";
import {
  type FileOptions,
  type SinkProgress,
  toNdjson,
  toNpz,
  toSafetensors,
  toZarr,
  type WriteSummary,
} from "../../sinks/mod.ts";
import { standardOutput } from "../../platform/process.ts";
import type { ReadFlags } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import type { ShareFlags } from "../shared/share.ts";
import { bytesText } from "../shared/text.ts";
import { foundRecipe } from "./found_recipe.ts";
import { shareOf } from "./share_of.ts";

type Sink = (
  path: string,
  options: FileOptions,
) => OperatorFunction<Session, WriteSummary>;

const SINKS: Readonly<Record<string, Sink>> = {
  ".ndjson": toNdjson,
  ".npz": toNpz,
  ".safetensors": toSafetensors,
  ".zarr": toZarr,
};

interface ConvertFlags extends ReadFlags, ShareFlags {
  readonly resume?: boolean;
  readonly overwrite?: boolean;
}

/** `rxephys convert`: the tensors of a data set, in a file or on a pipe. */
export async function convert(
  invocation: Invocation,
  flags: ConvertFlags,
  [data = "", out = ""]: readonly string[],
): Promise<void> {
  const { signal, onWarning } = invocation;
  const started = performance.now();
  // A wrong name is refused before anything is read.
  const sink = sinkOf(out, flags, ({ sessionsDone, ...state }) => {
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
  let summary: WriteSummary;
  try {
    summary = await lastUnlessAborted(stream, { signal });
  } catch (error) {
    progress.end();
    if (signal.aborted && out !== "-") {
      invocation.note(
        flags.resume
          ? `The same call continues after what ${out}.part holds.`
          : "Nothing is kept; a call with --resume can be continued.",
      );
    }
    throw error;
  }
  progress.end();
  const warnings = invocation.warned();
  if (out === "-") invocation.note(summaryText(summary));
  else invocation.print(summaryText(summary), { ...summary, warnings });
}

function sinkOf(
  out: string,
  { resume = false, overwrite = false }: ConvertFlags,
  onProgress: (progress: SinkProgress) => void,
): OperatorFunction<Session, WriteSummary> {
  const options = {
    onProgress,
    ...(resume && { resume }),
    ...(overwrite && { overwrite }),
  };
  if (out === "-") return toNdjson(standardOutput(), options);
  const extension = /\.[^./\\]+(?=[/\\]?$)/.exec(out)?.[0] ?? "";
  const sink = SINKS[extension.toLowerCase()];
  if (sink !== undefined) return sink(out, options);
  throw new RangeError(
    `Cannot convert: out is ${out}, expected a name that ends with ` +
      `${Object.keys(SINKS).join(", ")}, or - for NDJSON on standard output`,
  );
}

function summaryText(
  { path = "-", bytes, stimuli, responses, cells, tally }: WriteSummary,
): string {
  const { kept, range, step, xcorr } = tally;
  const dropped = droppedOf(tally);
  const gate = kept + dropped === 0
    ? ""
    : `; gate: ${kept} repeats kept, ${dropped} dropped ` +
      `(range ${range}, step ${step}, xcorr ${xcorr})`;
  return `Wrote ${path} (${bytesText(bytes)}): ` +
    `${countText(stimuli, "sound")}, ${countText(responses, "response")} of ` +
    countText(cells, "cell") + gate;
}
