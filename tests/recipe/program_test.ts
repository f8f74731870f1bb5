import { recipeProgram } from "../../src/recipe/program.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("recipeProgram: defaults are left out", () => {
  const program = recipeProgram({ dataSet: "wehr", data: "data", options: {} });
  assertEquals(
    program,
    `import { crcnsAc1Pipeline, toDataset, wehr } from "rxephys";
import { lastValueFrom } from "rxjs";

const dataset = await lastValueFrom(
  wehr("data").pipe(
    crcnsAc1Pipeline(),
    toDataset(),
  ),
);
console.log(String(dataset));`,
  );
});

Deno.test("recipeProgram: options by what takes them, texts as literals", () => {
  const program = recipeProgram({
    dataSet: "crcns-ac1",
    data: 'a "b"\n`${c}`',
    options: {
      sites: ["A1"],
      signal: "subthresh",
      sessions: ["one"],
      dtMs: 10,
      parallel: true,
    },
  });
  assertEquals(
    program,
    `import { crcnsAc1, crcnsAc1Pipeline, toDataset } from "rxephys";
import { filter, lastValueFrom } from "rxjs";

const dataset = await lastValueFrom(
  crcnsAc1("a \\"b\\"\\n\`\${c}\`", { sites: ["A1"] }).pipe(
    filter(({ id }) => ["one"].includes(id)),
    filter(({ cells }) => cells.every(({ recordingType }) =>
      recordingType !== "cell-attached")),
    crcnsAc1Pipeline({ dtMs: 10, parallel: true }),
    toDataset(),
  ),
);
console.log(String(dataset));`,
  );
});
