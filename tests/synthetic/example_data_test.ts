import { exampleData, type ExampleDataset } from "rxephys/synthetic";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { runAlone } from "../support/run_alone.ts";

/** Path of example data where the environment has these variables alone. */
const found = (
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<unknown> =>
  runAlone(
    `import { exampleData } from "rxephys/synthetic";
    console.log(JSON.stringify(await exampleData(...${
      JSON.stringify(args)
    })));`,
    { env },
  );

Deno.test("exampleData: given, named, found, made up, in this order", () =>
  inFolder(async (folder) => {
    const env = { RXEPHYS_DATA_DIR: folder };
    const made = `${folder}/lab-synthetic`;
    assertEquals(await found(env, "lab"), made);
    const { mtime } = await Deno.stat(`${made}/spikes.csv`);
    assertEquals(await found(env, "lab"), made);
    assertEquals((await Deno.stat(`${made}/spikes.csv`)).mtime, mtime);

    const dataset = "wingert2026";
    await Deno.mkdir(`${folder}/wingert2026`);
    assertEquals(await found(env, dataset), `${folder}/wingert2026-synthetic`);
    await Deno.writeTextFile(`${folder}/wingert2026/cell_list.csv`, "");
    assertEquals(await found(env, dataset), `${folder}/wingert2026`);
    const named = { ...env, WINGERT2026_DATA: "/elsewhere" };
    assertEquals(await found(named, dataset), "/elsewhere");
    assertEquals(await found(named, dataset, "given"), "given");
  }));

Deno.test("exampleData: a run that was stopped is made again", () =>
  inFolder(async (folder) => {
    const path = `${folder}/lab-synthetic`;
    await Deno.mkdir(path);
    await Deno.writeTextFile(`${path}/pips-01.wav.part`, "half");
    await found({ RXEPHYS_DATA_DIR: folder }, "lab");
    const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
    assertEquals(names.length, 21);
    assert(names.every((name) => !name.endsWith(".part")), String(names));
  }));

Deno.test("exampleData: refuses other names", async () => {
  await assertRejects(
    () => exampleData("ac1" as ExampleDataset),
    RangeError,
    "Cannot find example data: dataset is ac1, expected crcns-ac1, " +
      "crcns-ac1-nonlinear, wingert2026, lab",
  );
});
