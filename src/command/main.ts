import { CommanderError } from "commander";
import { setExitCode, terminal } from "../platform/process.ts";
import { failureOf } from "./shared/failure.ts";
import { commandLine } from "./program.ts";

/** First argument of the calls by which a shell asks for completions. */
const COMPLETE = "complete";

/**
 * Runs the command line and sets the exit code of the process: 0 if all is well,
 * 1 for data, files and servers, 2 for a wrong call, 130 and 143 for signals.
 *
 * @param args Arguments after the name of the program.
 */
export async function main(args: readonly string[]): Promise<void> {
  const program = commandLine();
  if (args[0] === COMPLETE) {
    const { answerCompletion } = await import("./complete.ts");
    terminal("stdout").write(answerCompletion(program, args.slice(1)));
    return;
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has written its message; help and version are no failure.
      const isAsked = error.exitCode === 0 && error.code !== "commander.help";
      return setExitCode(isAsked ? 0 : 2);
    }
    const { code, line } = failureOf(error);
    const err = terminal("stderr");
    err.write(`${line}\n`);
    if (args.includes("--debug")) err.write(stackOf(error));
    setExitCode(code);
  }
}

function stackOf(error: unknown): string {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    lines.push(`${lines.length > 0 ? "caused by " : ""}${at.stack ?? at}\n`);
  }
  return lines.join("");
}
