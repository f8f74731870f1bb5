import { makeWorkFolder } from "../../src/base/work_folder.ts";
import { assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { namesIn } from "../support/tree.ts";

const PROGRAM = `
  const { makeWorkFolder } = await import(Deno.args[0]);
  const { path } = await makeWorkFolder(Deno.args[1]);
  await Deno.writeTextFile(path + "/half", "half");
  console.log(path);
  setInterval(() => {}, 1000);
`;

/** A program that has made a work folder and runs on. */
async function running(
  parent: string,
): Promise<{ child: Deno.ChildProcess; path: string }> {
  const module = new URL("../../src/base/work_folder.ts", import.meta.url).href;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--ext=ts", "--no-check", "--config", config],
      ...[PROGRAM, module, parent],
    ],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return { child, path: new TextDecoder().decode(value).trim() };
}

async function end(child: Deno.ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await child.stdout.cancel();
  await child.status;
}

Deno.test("a work folder and its lock go with it", () =>
  inFolder(async (folder) => {
    const parent = `${folder}/new`;
    {
      using work = await makeWorkFolder(parent);
      await Deno.writeTextFile(`${work.path}/part`, "");
      assertEquals(namesIn(parent).length, 2);
    }
    assertEquals(namesIn(parent), []);
  }));

Deno.test("work folders of killed programs go, those of running ones and other files stay", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.rxephys-data`);
    const [killed, alive] = await Promise.all([
      running(folder),
      running(folder),
    ]);
    await end(killed.child);
    assertEquals(namesIn(killed.path), ["half"]);
    (await makeWorkFolder(folder))[Symbol.dispose]();
    assertEquals(
      namesIn(folder),
      [
        ".rxephys-data",
        alive.path.slice(folder.length + 1),
        `${alive.path.slice(folder.length + 1)}.lock`,
      ].sort(),
    );
    assertEquals(namesIn(alive.path), ["half"]);
    await end(alive.child);
    (await makeWorkFolder(folder))[Symbol.dispose]();
    assertEquals(namesIn(folder), [".rxephys-data"]);
  }));

Deno.test("programs that clean up at once do not hinder each other", () =>
  inFolder(async (folder) => {
    const killed = await Promise.all([running(folder), running(folder)]);
    for (const { child } of killed) await end(child);
    const all = await Promise.all(
      Array.from({ length: 16 }, () => makeWorkFolder(folder)),
    );
    assertEquals(namesIn(folder).length, 32);
    for (const work of all) work[Symbol.dispose]();
    assertEquals(namesIn(folder), []);
  }));
