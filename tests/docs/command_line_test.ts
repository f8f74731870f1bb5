import { assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { CLI, runCommand } from "../command/_run_command.ts";

const PAGE = Deno.readTextFileSync(
  new URL("../../docs/command-line.md", import.meta.url),
);

Deno.test("docs/command-line.md has the help of every subcommand", async () => {
  const { out } = await runCommand(["--help"]);
  const commands = [...out.matchAll(/^ {2}([a-z]+) .*[\]>] /gm)]
    .map(([, name = ""]) => name);
  const helps = await Promise.all(
    commands.map(async (name) => (await runCommand([name, "--help"])).out),
  );
  const shown = [...PAGE.matchAll(/^```text\n(Usage: [\s\S]*?)^```/gm)];
  assertEquals(shown.map(([, text]) => text), helps);
});

Deno.test("docs/command-line.md: the first lines run as they are", () =>
  inFolder(async (folder) => {
    const [, script = ""] = /^```sh\n([\s\S]*?)^```/m.exec(PAGE) ?? [];
    await Deno.writeTextFile(
      `${folder}/rxephys`,
      `#!/bin/sh\nexec '${Deno.execPath()}' run -A -q '${CLI}' "$@"\n`,
      { mode: 0o755 },
    );
    const run = await new Deno.Command("sh", {
      args: ["-e", "-c", script],
      cwd: folder,
      env: { NO_COLOR: "1", PATH: `${folder}:${Deno.env.get("PATH")}` },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(run.code, 0, decoder.decode(run.stderr));
    const lines = decoder.decode(run.stdout).split("\n");
    const has = (pattern: RegExp): boolean =>
      lines.some((line) => pattern.test(line));
    assertEquals(
      [
        has(/^CRCNS AC1: \d+ sessions, \d+ cells$/),
        has(/^Gate: \d+ of \d+ repeats kept; /),
        has(/^Wrote .*\/wehr\.npz \(\d+ kB\): /),
        lines.at(-1)?.length,
      ],
      [true, true, true, 300],
    );
  }));
