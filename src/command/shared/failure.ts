import { DataError, DataNotFoundError, OutputError } from "../../errors.ts";
import { isFileError } from "../../platform/files.ts";
import { CHAIN_FLAGS } from "./flags.ts";
import { InterruptedError } from "./invocation.ts";
import { visible } from "./text.ts";

/** How a program that failed ends. */
export interface Failure {
  /** Exit code: 1 for data, files and servers, 2 for the call, 130 for Ctrl-C. */
  readonly code: number;
  /** One line that says what is wrong. */
  readonly line: string;
}

/** The exit code and the line for an error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof InterruptedError) {
    return { code: error.exitCode, line: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DataNotFoundError) {
    const hint = NO_RELEASE.test(message) ? "" : NOT_FOUND;
    return { code: 1, line: oneLine(message) + hint };
  }
  const isKnown = error instanceof DataError || error instanceof OutputError ||
    isFileError(error);
  if (isKnown) return { code: 1, line: oneLine(withFlags(message)) };
  // Mistakes of the caller say so; another error of these classes is ours.
  const isUsage = (error instanceof RangeError || error instanceof TypeError) &&
    message.startsWith("Cannot ");
  if (isUsage) return { code: 2, line: oneLine(withFlags(message)) };
  return {
    code: 1,
    line: oneLine(`${message}; --debug prints where this comes from`),
  };
}

/** Messages that say what to do themselves, or miss no data set. */
const NO_RELEASE =
  /download|^Cannot (merge shards|read (job|object)|use the store)/;
const NOT_FOUND = "; `rxephys download` fetches a data set, `rxephys synth` " +
  "makes one up";

/** A message with flags in place of options. */
function withFlags(message: string): string {
  return message.replace(/\b(overwrite|resume): true\b/g, "--$1")
    .replace(/: (\w+)(?= is )/, (text, name) => {
      const flag = CHAIN_FLAGS.find(({ option }) => option === name);
      return flag === undefined ? text : `: ${flag.name}`;
    });
}

function oneLine(message: string): string {
  return `error: ${visible(message.replace(/\s*\n\s*/g, " "))}`;
}
