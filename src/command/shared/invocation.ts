import type { Command } from "commander";
import {
  type EndSignal,
  exitNow,
  onEndSignal,
  terminal,
} from "../../platform/process.ts";
import type { WarningCount } from "../../report/overview.ts";
import type { SourceWarning } from "../../sources/mod.ts";
import { type Progress, showProgress } from "./progress.ts";
import { visible } from "./text.ts";

/** Exit codes of programs that a signal ended. */
const EXIT_CODES: Readonly<Record<EndSignal, number>> = {
  SIGINT: 130,
  SIGTERM: 143,
};

/** A user or the system has ended the program. */
export class InterruptedError extends Error {
  /** Exit code of the program. */
  readonly exitCode: number;

  /** @param signal What ended it. */
  constructor(signal: EndSignal) {
    super(`interrupted by ${signal}`);
    this.name = "InterruptedError";
    this.exitCode = EXIT_CODES[signal];
  }
}

/** Flags that every subcommand has. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** One run of a subcommand: where it writes, and when it has to end. */
export interface Invocation {
  /** Aborted, with an {@linkcode InterruptedError}, by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Whether the result is for a program. */
  readonly isJson: boolean;
  /** Writes the result: a text, or with `--json` a value. */
  print(text: string, value: unknown): void;
  /** Writes a line for people on standard error, unless `--quiet` forbids it. */
  note(line: string): void;
  /** Starts a display of progress. */
  progress(unit: string): Progress;
  /** Collects the warnings of a source; {@linkcode Invocation.warned} prints them. */
  readonly onWarning: (warning: SourceWarning) => void;
  /** Prints how often each kind of warning came, and returns it. */
  warned(): readonly WarningCount[];
}

/** Runs a subcommand with its flags and arguments. */
export type Act<Flags> = (
  invocation: Invocation,
  flags: Flags,
  args: readonly string[],
) => Promise<void>;

/** Makes the action of a subcommand, which the parser calls. */
export function action<Flags extends CommonFlags>(
  act: Act<Flags>,
): (...values: unknown[]) => Promise<void> {
  return async (...values) => {
    const command = values.at(-1) as Command;
    const flags = command.opts<Flags>();
    const controller = new AbortController();
    const stop = onEndSignal((signal) => {
      // The second one does not wait until everything is in order.
      if (controller.signal.aborted) exitNow(EXIT_CODES[signal]);
      controller.abort(new InterruptedError(signal));
    });
    try {
      await act(invocationOf(flags, controller.signal), flags, command.args);
    } finally {
      stop();
    }
  };
}

function invocationOf(
  { json: isJson = false, quiet: isQuiet = false }: CommonFlags,
  signal: AbortSignal,
): Invocation {
  const [out, err] = [terminal("stdout"), terminal("stderr")];
  const counts = new Map<string, WarningCount>();
  return {
    signal,
    isJson,
    print: (text, value) =>
      out.write(isJson ? `${JSON.stringify(value)}\n` : `${text}\n`),
    note: (line) => isQuiet || err.write(`${visible(line)}\n`),
    progress: (unit) => showProgress(isQuiet ? null : err, unit),
    onWarning({ kind, message, member, count }): void {
      const first = counts.get(kind) ?? { kind, message, member };
      counts.set(kind, { ...first, count });
    },
    warned(): readonly WarningCount[] {
      const all = [...counts.values()];
      if (!isQuiet) { for (const one of all) err.write(warningLine(one)); }
      return all;
    },
  };
}

function warningLine({ kind, count, message, member }: WarningCount): string {
  const more = count > 1 ? `, and ${count - 1} more of its kind` : "";
  // The message of an error names the place already.
  const place = message.includes(member) ? "" : ` (member "${member}")`;
  const text = `warning (${kind}): ${message}${place}${more}`;
  return `${visible(text)}\n`;
}
