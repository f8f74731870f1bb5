import { assertEquals } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { hasNwbPython, makeVariants } from "./_nwb_python.ts";

const FIXTURES = new URL("../fixtures/nwb/", import.meta.url);

Deno.test("make_variants.py: pynwb and h5py read what the fixtures say", {
  ignore: !hasNwbPython,
}, async () => {
  await inFolder(async (folder) => {
    await makeVariants(folder);
    const found = await Array.fromAsync(Deno.readDir(folder));
    const names = found.map(({ name }) => name).sort();
    const committed = await Array.fromAsync(Deno.readDir(FIXTURES));
    assertEquals(
      names,
      committed.map(({ name }) => name).filter((name) => name !== "README.md")
        .sort(),
    );
    for (const name of names.filter((each) => each.endsWith(".json"))) {
      const made = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
      const kept = await Deno.readTextFile(new URL(name, FIXTURES));
      assertEquals({ name, ...made }, { name, ...JSON.parse(kept) });
    }
  });
});
