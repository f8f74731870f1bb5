import { fromFileUrl } from "@std/path";
import { assert, assertEquals } from "../support/assert.ts";
import { HOSTILE } from "./_hostile_values.ts";

/** Memory that the corpus may take, in KiB: the limit is the kernel's. */
const MOST_KIB = 600 * 1024;

/** Lines of MATLAB files that are packed to a thousandth of their claim. */
const MAT_LINES: readonly string[] = [
  "200 structs of a million elements: beyond a limit",
  "500 empty texts of a million rows: beyond a limit",
  "a GiB behind a text of one letter: refused",
  "a header of 3 GiB: refused",
];

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function run(limit: string, ...args: string[]): Promise<Outcome> {
  // Data, not addresses: V8 reserves more of these than a machine has memory.
  const script = `ulimit -d ${limit} && exec "$0" "$@"`;
  const command = new Deno.Command("sh", {
    args: ["-c", script, Deno.execPath(), ...args],
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Data of a process that does nothing, in KiB. */
async function idleKib(): Promise<number> {
  const read = 'console.log(Deno.readTextFileSync("/proc/self/status"))';
  const { output } = await run("unlimited", "eval", read);
  return Number(/^VmData:\s+(\d+) kB$/m.exec(output)?.[1]);
}

const isLinux = Deno.build.os === "linux";

Deno.test({
  name: "hostile corpus: every file is read or refused in 600 MiB",
  ignore: !isLinux,
  fn: async () => {
    const limit = `${await idleKib() + MOST_KIB}`;
    const script = new URL("_limited_run.ts", import.meta.url);
    const { code, output } = await run(
      ...[limit, "run", "-A", "--no-check", fromFileUrl(script)] as const,
    );
    assertEquals(code, 0, output);
    const lines = output.trim().split("\n");
    for (const name of Object.keys(HOSTILE)) {
      const line = lines.find((line) => line.startsWith(`${name}: `));
      assert(line && !line.endsWith(": read"), `${name}: ${line}`);
    }
    for (const line of MAT_LINES) assert(lines.includes(line), output);
    assert(lines.length > 70, output);
  },
});

Deno.test({
  name: "hostile corpus: the process has no more memory than that",
  ignore: !isLinux,
  fn: async () => {
    const limit = `${await idleKib() + MOST_KIB}`;
    const fill = "new Uint8Array(700 * 2 ** 20).fill(1)";
    const { code, output } = await run(limit, "eval", fill);
    assertEquals(code, 1);
    assert(output.includes("Array buffer allocation failed"), output);
  },
});
