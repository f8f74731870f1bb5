import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Path of the command line. */
export const CLI = `${ROOT}cli.ts`;

/** Exit code and output of a command line. */
export interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Options of {@linkcode runCommand}. */
export interface RunOptions {
  /** Further environment variables; those of data folders are unset. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further flags of Deno, besides all permissions. */
  readonly flags?: readonly string[];
}

/** Starts the command line as a process. */
export function startCommand(
  args: readonly string[],
  { env = {}, flags = [] }: RunOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...flags, CLI, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", CRCNS_AC1_DATA: "", WINGERT2026_DATA: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the command line to its end, as a user does. */
export async function runCommand(
  args: readonly string[],
  options?: RunOptions,
): Promise<CommandRun> {
  const { code, stdout, stderr } = await startCommand(args, options).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
