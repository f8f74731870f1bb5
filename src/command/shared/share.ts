import { type Command, InvalidArgumentError, Option } from "commander";
import { checkShard, type Shard } from "../../base/shard.ts";

/** Heading of the flags in the help. */
export const SHARE_HEADING = "Share of the sessions:";

/** Flags that divide the sessions among several runs. */
export interface ShareFlags {
  readonly shard?: Shard;
  readonly session?: readonly string[];
}

/** Adds `--shard` and `--session`. */
export function withShareFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--shard <i/n>", "one of n shares, such as 0/4 to 3/4")
        .argParser(shardOf).helpGroup(SHARE_HEADING),
    )
    .addOption(
      new Option("--session <id>", "this session; may be given several times")
        .argParser(oneMore).helpGroup(SHARE_HEADING),
    );
}

function shardOf(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const share = { index: Number(index), count: Number(count) };
  try {
    checkShard("take a shard", share);
    return share;
  } catch {
    throw new InvalidArgumentError(
      "Expected the number of a share and how many there are: 0/4 to 3/4.",
    );
  }
}

function oneMore(id: string, before: readonly string[] = []): string[] {
  return [...before, id];
}
