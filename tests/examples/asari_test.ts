import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { runExample } from "./_run_example.ts";

Deno.test("examples/asari.ts: thalamus next to cortex, and the sequences", async () => {
  const { code, out, err } = await runExample("asari.ts", [AC1_TINY]);
  assertEquals(code, 0, err);
  assertStringIncludes(
    out,
    "MGB, cell attached: N=1 S=2 F=53 dt=5 ms signal=spikes coverage=100 %",
  );
  assertStringIncludes(out, "A1, whole cell:     N=4 S=6 F=53 dt=5 ms");
  assertStringIncludes(
    out,
    "Sequence 1: 1 4 3 3 1  =  class3/1.mat + class1\\5.mat + class2/3.mat",
  );
  assertStringIncludes(out, "Both: N=5 S=8 F=53 dt=5 ms signal=mixed");
  assertStringIncludes(out, "2 of these stimuli were played to MGB");
});

Deno.test("examples/asari.ts: draws a cell of each", () =>
  inFolder(async (folder) => {
    const path = `${folder}/asari.svg`;
    const { code, out, err } = await runExample("asari.ts", [AC1_TINY, path]);
    assertEquals(code, 0, err);
    assertStringIncludes(out, `Wrote ${path}`);
    const svg = await Deno.readTextFile(path);
    assertStringIncludes(svg, "20020508-mw-001");
    assertStringIncludes(svg, "Vm (mV)");
  }));

Deno.test("examples/custom_operator.ts: custom operators in a chain", async () => {
  const { code, out, err } = await runExample("custom_operator.ts", [AC1_TINY]);
  assertEquals(code, 0, err);
  assertStringIncludes(out, "N=4 S=6 F=53 dt=5 ms signal=subthresh");
});
