import type { OperatorFunction } from "rxjs";
import { countText } from "../../base/count_text.ts";
import type { GateTally, Session } from "../../session.ts";
import type { ShardFormat } from "../../shards/shard_format.ts";
import type { ShardSummary } from "../../shards/shard_options.ts";
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
import { flagsOf, type ReadFlags, recipeOptionsOf } from "../shared/flags.ts";
import type { Invocation } from "../shared/invocation.ts";
import type { ShareFlags } from "../shared/share.ts";
import { bytesText } from "../shared/text.ts";
import { convertChain, type ReportingSink, ShownRun } from "./convert_chain.ts";

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
  readonly shards?: ShardFormat;
  readonly merge?: boolean;
}

/** `rxephys convert`: the tensors of a data set or of shards, in files or on a pipe. */
export async function convert(
  invocation: Invocation,
  flags: ConvertFlags,
  [data = "", out = ""]: readonly string[],
): Promise<void> {
  if (flags.merge) checkMerge(flags);
  else if (flags.shards !== undefined) {
    return await convertToShards(invocation, flags, data, out, flags.shards);
  }
  const kept = flags.resume
    ? `The same call continues after what ${out}.part holds.`
    : "Nothing is kept; a call with --resume can be continued.";
  const interrupted = out === "-" ? undefined : kept;
  const make: ReportingSink<WriteSummary> = (onProgress) =>
    sinkOf(out, flags, onProgress);
  const summary =
    await (flags.merge
      ? convertMerged(invocation, data, make, interrupted)
      : convertChain(invocation, flags, data, make, interrupted));
  const warnings = invocation.warned();
  if (out === "-") invocation.note(summaryText(summary));
  else invocation.print(summaryText(summary), { ...summary, warnings });
}

/** Writes a file a session to a place that other runs share. */
async function convertToShards(
  invocation: Invocation,
  flags: ConvertFlags,
  data: string,
  place: string,
  format: ShardFormat,
): Promise<void> {
  for (const name of ["resume", "overwrite"] as const) {
    if (!flags[name]) continue;
    throw new RangeError(
      `Cannot write shards: --${name} is given, expected --shards without it, ` +
        "which keeps the shards that are there",
    );
  }
  const { toShards } = await import("../../shards/to_shards.ts");
  const summary = await convertChain(
    invocation,
    flags,
    data,
    (onProgress) => toShards(place, { format, onProgress }),
    "Whole shards are kept: the same call continues.",
  );
  const warnings = invocation.warned();
  invocation.print(shardsText(summary), { ...summary, warnings });
}

/** Refuses flags that choose or change data: shards have theirs already. */
function checkMerge(flags: ConvertFlags): void {
  const [option] = flagsOf(recipeOptionsOf(flags));
  const given = ["dataset", "shard", "session", "shards"]
    .filter((name) => flags[name] !== undefined).map((name) => `--${name}`);
  const [flag] = [...given, ...option === undefined ? [] : [option]];
  if (flag === undefined) return;
  throw new RangeError(
    `Cannot merge shards: ${flag} is given, expected --merge without it: the ` +
      "shards are written with their own",
  );
}

/** Writes all shards of a place as one data set. */
async function convertMerged(
  invocation: Invocation,
  place: string,
  make: ReportingSink<WriteSummary>,
  interrupted: string | undefined,
): Promise<WriteSummary> {
  const run = new ShownRun(invocation, interrupted);
  const sink = make(run.onProgress);
  const { mergeShards } = await import("../../shards/merge_shards.ts");
  return await run.last(mergeShards(place, sink));
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
  return `Wrote ${path} (${bytesText(bytes)}): ` +
    `${countText(stimuli, "sound")}, ${countText(responses, "response")} of ` +
    countText(cells, "cell") + gateText(tally);
}

function shardsText(
  { place, written, kept, bytes, responses, cells, tally }: ShardSummary,
): string {
  const before = kept === 0 ? "" : `, ${kept} were there already`;
  return `Wrote ${countText(written, "shard")} to ${place}${before}. ` +
    `Together ${bytesText(bytes)}: ${countText(responses, "response")} of ` +
    countText(cells, "cell") + gateText(tally);
}

function gateText(tally: GateTally): string {
  const { kept, range, step, xcorr } = tally;
  const dropped = droppedOf(tally);
  return kept + dropped === 0
    ? ""
    : `; gate: ${kept} repeats kept, ${dropped} dropped ` +
      `(range ${range}, step ${step}, xcorr ${xcorr})`;
}
