import { exampleData, type ExampleDataset } from "rxephys/synthetic";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

const VARIABLES = ["RXEPHYS_DATA_DIR", "CRCNS_AC1_DATA", "WINGERT2026_DATA"];

/** Runs with variables of the environment, which are as before in the end. */
async function withVariables(
  values: Readonly<Record<string, string>>,
  run: () => Promise<void>,
): Promise<void> {
  const before = VARIABLES.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of VARIABLES) Deno.env.delete(name);
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  try {
    await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

Deno.test("exampleData: given, named, found, made up, in this order", () =>
  inFolder((folder) =>
    withVariables({ RXEPHYS_DATA_DIR: folder }, async () => {
      const made = await exampleData("lab");
      assertEquals(made, `${folder}/lab-synthetic`);
      const { mtime } = await Deno.stat(`${made}/spikes.csv`);
      assertEquals(await exampleData("lab"), made);
      assertEquals((await Deno.stat(`${made}/spikes.csv`)).mtime, mtime);

      const dataset = "wingert2026";
      await Deno.mkdir(`${folder}/wingert2026`);
      assertEquals(
        await exampleData(dataset),
        `${folder}/wingert2026-synthetic`,
      );
      await Deno.writeTextFile(`${folder}/wingert2026/cell_list.csv`, "");
      assertEquals(await exampleData(dataset), `${folder}/wingert2026`);
      Deno.env.set("WINGERT2026_DATA", "/elsewhere");
      assertEquals(await exampleData(dataset), "/elsewhere");
      assertEquals(await exampleData(dataset, "given"), "given");
    })
  ));

Deno.test("exampleData: a run that was stopped is made again", () =>
  inFolder((folder) =>
    withVariables({ RXEPHYS_DATA_DIR: folder }, async () => {
      const path = `${folder}/lab-synthetic`;
      await Deno.mkdir(path);
      await Deno.writeTextFile(`${path}/pips-01.wav.part`, "half");
      await exampleData("lab");
      const names = [...Deno.readDirSync(path)].map(({ name }) => name).sort();
      assertEquals(names.length, 21);
      assert(names.every((name) => !name.endsWith(".part")), String(names));
    })
  ));

Deno.test("exampleData: refuses other names", async () => {
  await assertRejects(
    () => exampleData("ac1" as ExampleDataset),
    RangeError,
    "Cannot find example data: dataset is ac1, expected crcns-ac1, " +
      "crcns-ac1-nonlinear, wingert2026, lab",
  );
});
