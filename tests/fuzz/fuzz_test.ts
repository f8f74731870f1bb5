import { fromFileUrl } from "@std/path";
import { assert, assertEquals } from "../support/assert.ts";
import { FUZZ_READERS, type FuzzReader } from "./readers.ts";
import { FUZZ_READERS as VALUE_READERS } from "./values.ts";
import { itemAt } from "../support/item_at.ts";

const MAIN = fromFileUrl(new URL("main.ts", import.meta.url));
const CASES = 2000;

/** Runs the program in a separate process, whose memory is that of the readers. */
async function fuzz(
  ...args: readonly string[]
): Promise<{ success: boolean; stdout: string; stderr: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--v8-flags=--expose-gc", MAIN, ...args],
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

Deno.test(`fuzz: ${CASES} files a reader give values or typed errors`, async () => {
  await checkCases(FUZZ_READERS, CASES / 2);
});

Deno.test(`fuzz: ${CASES} files of other values a reader do, too`, async () => {
  await checkCases(VALUE_READERS, CASES / 3, "--values");
});

async function checkCases(
  readers: readonly FuzzReader[],
  leastRefused: number,
  ...mode: readonly string[]
): Promise<void> {
  const out = await Deno.makeTempDir();
  const args = ["--cases", `${CASES}`, "--seed", "20020508", "--out", out];
  const { success, stdout, stderr } = await fuzz(...mode, ...args);
  assert(success, `${stdout}\n${stderr}`);
  const lines = stdout.trim().split("\n");
  assertEquals(lines.length, readers.length);
  for (const [i, { name }] of readers.entries()) {
    const pattern = new RegExp(
      `^${name}: seed 20020508, ${CASES} cases, (\\d+) values, ` +
        "(\\d+) refused, \\d+ cases/s, (\\d+) MiB$",
    );
    const [, values, refused] = pattern.exec(itemAt(lines, i)) ?? [];
    // The test needs files that are read and files that are refused.
    assert(Number(values) > CASES / 100, lines[i]);
    assert(Number(refused) > leastRefused, lines[i]);
  }
  await Deno.remove(out);
}

const FAULTS: Readonly<Record<string, string>> = {
  throws: "TypeError: no error of the data",
  hangs: "it takes longer than",
  takes: "MiB",
  leaves: "the stream was left open",
};

for (const [name, why] of Object.entries(FAULTS)) {
  Deno.test(`fuzz: finds a reader that ${name}, and keeps its file`, async () => {
    const out = await Deno.makeTempDir();
    const readers = fromFileUrl(new URL("_faulty_readers.ts", import.meta.url));
    const { success, stderr } = await fuzz(
      ...["--readers", readers, "--reader", name],
      ...["--cases", "3", "--seed", "1", "--out", out],
    );
    assert(!success);
    assert(stderr.startsWith(`${name}: seed 1, case 0: `), stderr);
    assert(stderr.includes(why), stderr);
    const kept = `${out}/fuzz-${name}-1-0.bin`;
    assert(stderr.includes(`--reader "${name}" --replay ${kept}`), stderr);
    assert((await Deno.readFile(kept)).length > 0);
    await Deno.remove(out, { recursive: true });
  });
}

Deno.test("fuzz: a case is reproducible by its number", async () => {
  const args = ["--reader", "mat", "--seed", "3", "--case", "17"];
  const first = await fuzz(...args);
  assert(first.success, first.stderr);
  const again = await fuzz(...args);
  const outcome = /1 cases, \d values, \d refused/;
  const [expected] = outcome.exec(first.stdout) ?? [];
  assert(expected !== undefined, first.stdout);
  assertEquals(outcome.exec(again.stdout)?.[0], expected);
});

Deno.test("fuzz: help and bad options", async () => {
  const help = await fuzz("--help");
  assert(help.success && help.stdout.includes("deno task fuzz [options]"));
  const wrong = await fuzz("--reader", "xls");
  assert(!wrong.success);
  assert(
    wrong.stderr.includes("Cannot fuzz: reader is xls, expected zip, tar"),
  );
  const never = await fuzz("--minutes", "ten");
  assert(!never.success);
  assert(
    never.stderr.includes("Cannot fuzz: minutes is ten, expected a count"),
  );
});
