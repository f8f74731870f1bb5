import { assertEquals } from "./assert.ts";

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Where {@linkcode runAlone} runs. */
export interface Surroundings {
  /** Variables of the environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Runs a module in a process of its own and returns what it prints, as JSON: test
 * files share the variables and the folder of one process, so a test that needs
 * its own must not set them there.
 *
 * @param code TypeScript. It imports the package by name, other modules by
 * `import.meta.resolve`.
 */
export async function runAlone(
  code: string,
  { env, cwd }: Surroundings,
): Promise<unknown> {
  const variables = Deno.env.toObject();
  for (const name of Object.keys(variables)) {
    if (/^RXEPHYS_|_DATA(_DIR)?$/.test(name)) delete variables[name];
  }
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", "--config", decodeURIComponent(CONFIG), code],
    env: { ...variables, ...env, NO_COLOR: "1" },
    clearEnv: true,
    ...(cwd !== undefined && { cwd }),
  }).output();
  const [out, err] = [output.stdout, output.stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(output.code, 0, err);
  return JSON.parse(out ?? "");
}
