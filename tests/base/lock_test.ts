import { lockFile } from "../../src/base/lock.ts";
import { OutputError } from "../../src/errors.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

const refuse = (): never => {
  throw new RangeError("held");
};

Deno.test("a lock is held until its file is closed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    const file = await lockFile(path, refuse);
    await assertRejects(() => lockFile(path, refuse), RangeError, "held");
    file.close();
    (await lockFile(path, refuse)).close();
  }));

Deno.test("a waiting process gets the lock of a new file, not of a removed one", () =>
  inFolder(async (folder) => {
    const path = `${folder}/lock`;
    const first = await lockFile(path, refuse);
    let looks = 0;
    const second = await lockFile(path, () => {
      looks++;
      Deno.removeSync(path);
      first.close();
    });
    assertEquals(looks, 1);
    await assertRejects(() => lockFile(path, refuse), RangeError, "held");
    second.close();
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
        () => lockFile(path, refuse),
        OutputError,
        `Cannot write file: it is ${kind}, expected a file (file "${path}")`,
      );
      await Deno.remove(path);
    }
    assertEquals(await Deno.readTextFile(target), "text");
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));
