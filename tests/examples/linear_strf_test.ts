import { StrfFit } from "rxephys/models";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { runExample } from "./_run_example.ts";

Deno.test("examples/linear_strf.ts: scores the published cohort, and writes", () =>
  inFolder(async (folder) => {
    const out = `${folder}/out`;
    const run = await runExample("linear_strf.ts", [AC1_TINY, out]);
    assertEquals(run.code, 0, run.err);
    // Of cells 0 to 3, numbers 1 and 2 are not among the published ones.
    assert(/^mean test cc_norm of 2: 0\.\d{3}$/m.test(run.out), run.out);
    assertEquals(run.out.match(/"(random|published)"/g)?.length, 2);
    const text = await Deno.readTextFile(`${out}/strf.json`);
    const { cells } = StrfFit.fromJson(JSON.parse(text));
    assertEquals(cells.length, 2);
    const svg = await Deno.readTextFile(`${out}/strf.svg`);
    for (const { label } of cells) assertStringIncludes(svg, label);
  }));
