import { tryLockFile } from "../../src/base/lock.ts";
import { OutputError } from "../../src/errors.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

Deno.test("a lock is held until its file is closed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    const file = await tryLockFile(path);
    assertEquals(await tryLockFile(path), null);
    file?.close();
    const next = await tryLockFile(path);
    assert(next !== null);
    next.close();
  }));

Deno.test("a lock goes to a new file, not to a removed one", () =>
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    const first = await tryLockFile(path);
    assert(first !== null);
    Deno.removeSync(path);
    const second = await tryLockFile(path);
    assert(second !== null);
    first.close();
    assertEquals(await tryLockFile(path), null);
    second.close();
  }));

Deno.test("a lock has one holder at a time while each removes the file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    let [holders, turns] = [0, 0];
    const holder = async (): Promise<void> => {
      for (let turn = 0; turn < 20;) {
        const file = await tryLockFile(path);
        if (file === null) continue;
        assertEquals(++holders, 1);
        await Promise.resolve();
        holders--;
        turn++;
        turns++;
        Deno.removeSync(path);
        file.close();
      }
    };
    await Promise.all(Array.from({ length: 8 }, holder));
    assertEquals(turns, 160);
  }));

Deno.test("a lock never opens a link, a folder or a pipe", () =>
  inFolder(async (folder) => {
    const [target, path] = [`${folder}/target`, `${folder}/lock`];
    await Deno.writeTextFile(target, "text");
    const others: [string, () => Promise<unknown>][] = [
      ["a link", () => Deno.symlink(target, path)],
      ["a link", () => Deno.symlink(`${folder}/none`, path)],
      ["no file", () => Deno.mkdir(path)],
      ["no file", () => new Deno.Command("mkfifo", { args: [path] }).output()],
    ];
    for (const [kind, make] of others) {
      await make();
      await assertRejects(
        () => tryLockFile(path),
        OutputError,
        `Cannot write file: it is ${kind}, expected a file (file "${path}")`,
      );
      await Deno.remove(path);
    }
    assertEquals(await Deno.readTextFile(target), "text");
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));
