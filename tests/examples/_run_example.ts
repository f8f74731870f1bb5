const ROOT = new URL("../../", import.meta.url);

/** Exit code and output of an example. */
export interface ExampleRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs an example as a user does.
 *
 * @param name File in `examples/`.
 * @param args Its flags.
 * @param env Further environment variables; those of data folders are unset.
 * @param flags Further flags of Deno, besides all permissions.
 */
export async function runExample(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<ExampleRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...flags, `examples/${name}`, ...args],
    cwd: decodeURIComponent(ROOT.pathname),
    env: { NO_COLOR: "1", CRCNS_AC1_DATA: "", WINGERT2026_DATA: "", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
