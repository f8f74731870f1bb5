import { assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { CLI, runCommand } from "./_run_command.ts";

/** Words that complete a line; the last one is typed in part. */
async function completions(...words: string[]): Promise<string[]> {
  const { code, out } = await runCommand(["complete", "--", ...words]);
  assertEquals(code, 0);
  return out.trimEnd().split("\n").map((line) => itemAt(line.split("\t"), 0));
}

Deno.test("rxephys complete: subcommands, flags, choices, data sets and files", async () => {
  assertEquals(await completions("co"), ["convert", "completion"]);
  assertEquals(await completions("convert", "--st"), [
    "--step-mv",
    "--stimuli",
  ]);
  assertEquals(await completions("convert", "--stimuli", ""), [
    "spectrogram",
    "waveform",
  ]);
  assertEquals(await completions("ls", "--json", "w"), [
    "wehr",
    "wingert2026",
    ":files",
  ]);
  assertEquals(await completions("convert", "--dt", "5", "x", ""), [":files"]);
  assertEquals(await completions("convert", "--dt", ""), [""]);
  assertEquals(await completions("ls", "x", ""), [""]);
  assertEquals(await completions("download", "c"), ["crcns-ac1"]);
});

/** Programs that print, a line each, how the shell completes a line. */
const SHELLS: Readonly<Record<string, string>> = {
  bash: `source SCRIPT
    source SCRIPT
    complete_line() {
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rxephys
      printf '%s\\n' "\${COMPREPLY[@]}"
    }
    complete_line rxephys in; complete_line rxephys ls wi
    complete_line rxephys ls 'a b'; complete_line rxephys ls '$(touch ran)'`,
  zsh: `source SCRIPT 2>/dev/null
    _describe() { print -l "\${(@)found%%:*}" }
    _files() { print -l -- \${words[CURRENT]}*(N) }
    complete_line() { words=("$@"); CURRENT=$#; _rxephys }
    complete_line rxephys in; complete_line rxephys ls wi
    complete_line rxephys ls 'a b'; complete_line rxephys ls '$(touch ran)'`,
  fish: `source SCRIPT
    for line in 'rxephys in' 'rxephys ls wi' 'rxephys ls a\\ b' 'rxephys ls (touch ran)'
      complete -C $line | string replace -r '\\t.*' '' | string replace '\\\\ ' ' '
    end`,
};

for (const [shell, program] of Object.entries(SHELLS)) {
  Deno.test(`rxephys completion ${shell}: completes, and evaluates nothing`, async () => {
    if (!await isInstalled(shell)) return console.log(`no ${shell} here`);
    await inFolder(async (folder) => {
      const { out } = await runCommand(["completion", shell]);
      await Deno.writeTextFile(`${folder}/script`, out);
      await Deno.writeTextFile(`${folder}/a b.zip`, "");
      await Deno.writeTextFile(
        `${folder}/rxephys`,
        `#!/bin/sh\nexec '${Deno.execPath()}' run -A -q '${CLI}' "$@"\n`,
        { mode: 0o755 },
      );
      const run = await new Deno.Command(shell, {
        args: ["-c", program.replaceAll("SCRIPT", `${folder}/script`)],
        cwd: folder,
        env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
      }).output();
      const decoder = new TextDecoder();
      assertEquals(
        decoder.decode(run.stdout).split("\n").filter((line) => line !== ""),
        ["info", "wingert2026", "a b.zip"],
        decoder.decode(run.stderr),
      );
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
      assertEquals(names.includes("ran"), false);
    });
  });
}

async function isInstalled(shell: string): Promise<boolean> {
  try {
    const args = ["-c", "true"];
    return (await new Deno.Command(shell, { args }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
