import { PartFile, partPath, writeWhole } from "../../src/base/part_file.ts";
import { OutputError } from "../../src/errors.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function contents(folder: string): Record<string, string> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  return Object.fromEntries(
    names.map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

Deno.test("a part gets its name when it is committed, and replaces the old file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    await Deno.writeTextFile(path, "old");
    using part = await PartFile.open(path);
    await part.write(bytes("ne"));
    assertEquals(contents(folder), { "a": "old", "a.part": "ne" });
    await part.write(bytes("w"));
    assertEquals(part.size, 3);
    await part.commit();
    assertEquals(contents(folder), { "a": "new" });
  }));

Deno.test("a part is removed unless it is kept or committed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    for (const isKept of [false, true]) {
      using part = await PartFile.open(path);
      await part.write(bytes("half"));
      if (isKept) part.keep();
    }
    assertEquals(contents(folder), { "a.part": "half" });
  }));

Deno.test("a part is resumed, or written anew", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    await Deno.writeTextFile(partPath(path), "half");
    {
      using part = await PartFile.open(path, "resumed");
      part.keep();
      assertEquals(part.size, 4);
      await part.truncate(3);
      await part.write(bytes("o"));
    }
    assertEquals(contents(folder), { "a.part": "halo" });
    using part = await PartFile.open(path);
    assertEquals([part.size, contents(folder)], [0, { "a.part": "" }]);
  }));

Deno.test("a link in the place of a part is refused, its target untouched", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/target`, "text");
    await Deno.symlink(`${folder}/target`, `${folder}/a.part`);
    await assertRejects(
      () => PartFile.open(`${folder}/a`),
      OutputError,
      "Cannot write file: it is a link, expected a file",
    );
    assertEquals(await Deno.readTextFile(`${folder}/target`), "text");
  }));

Deno.test("a small file appears whole, even if several write it at once", () =>
  inFolder(async (folder) => {
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(1000));
    await Promise.all(texts.map((text) => writeWhole(`${folder}/a`, text)));
    const all = contents(folder);
    assertEquals(Object.keys(all), ["a"]);
    assertEquals(texts.includes(itemAt(all, "a")), true);
    await Deno.mkdir(`${folder}/b`);
    await assertRejects(() => writeWhole(`${folder}/b`, "text"));
    await Deno.remove(`${folder}/b`);
    assertEquals(Object.keys(contents(folder)), ["a"]);
  }));
