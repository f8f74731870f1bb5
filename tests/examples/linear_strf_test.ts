import { crcnsAc1Pipeline, toNdjson, wehr } from "rxephys";
import { type SyntheticAc1Truth, writeSyntheticAc1 } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";
import type { CellStrf } from "../../examples/models/strf_report.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { succeeds } from "../support/succeeds.ts";
import { runExample } from "./_run_example.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

/** Content of `strf.json`. */
interface StrfFile {
  readonly meanCcNorm: number;
  readonly cells: readonly CellStrf[];
}

const python = Deno.env.get("PYTHON") ?? "python3";
const hasNumpy = await succeeds(python, ["-c", "import numpy"]);

Deno.test("examples/linear_strf.ts: on `small` it finds the true fields", (t) =>
  inFolder(async (folder) => {
    const truth = await writeSyntheticAc1(folder, { scale: "small" });
    const out = `${folder}/out`;
    const run = await runExample(
      "linear_strf.ts",
      ["--data", folder, "--out", out],
    );
    assertEquals(run.code, 0, run.err);
    const file: StrfFile = JSON.parse(
      await Deno.readTextFile(`${out}/strf.json`),
    );
    await t.step("peaks and scores", () => assertRecovered(file, truth));
    await t.step("output", () => {
      assertEquals(run.out.match(/ kHz, \d+ ms .* kHz, \d+ ms\n/g)?.length, 8);
      assertStringIncludes(
        run.out,
        `mean test cc_norm: ${file.meanCcNorm.toFixed(3)}\n`,
      );
    });
    await t.step("the figure", async () => {
      const svg = await Deno.readTextFile(`${out}/strf.svg`);
      assertStringIncludes(svg, 'xmlns="http://www.w3.org/2000/svg"');
      const count = (tag: string): number => svg.split(`<${tag} `).length - 1;
      assertEquals(count("rect"), 8 * 53 * 20);
      assertEquals(count("circle"), 8);
      for (const { session } of file.cells) assertStringIncludes(svg, session);
    });
    await t.step({
      name: "the same numbers from NumPy",
      ignore: !hasNumpy,
      fn: () => assertAsNumpy(folder, out, file),
    });
  }));

function assertRecovered(
  { cells, meanCcNorm }: StrfFile,
  truth: SyntheticAc1Truth,
): void {
  assertEquals(
    cells.map(({ session }) => session),
    Object.keys(truth.wehr.cells),
  );
  for (const { session, snr, peak, truePeak } of cells) {
    assert(snr !== null && snr > 1, `${session} is not well driven: ${snr}`);
    const { strfPeak } = itemAt(truth.wehr.cells, session);
    assertEquals(truePeak, strfPeak);
    const off = peak.map((at, axis) => Math.abs(at - itemAt(strfPeak, axis)));
    assert(off.every((bins) => bins <= 1), `${session}: peak at ${peak}`);
  }
  assert(meanCcNorm > 0.8, `mean cc_norm is ${meanCcNorm}`);
}

async function assertAsNumpy(
  folder: string,
  out: string,
  { cells }: StrfFile,
): Promise<void> {
  const ndjson = `${folder}/wehr.ndjson`;
  await lastValueFrom(wehr(folder).pipe(crcnsAc1Pipeline(), toNdjson(ndjson)));
  const script = new URL("linear_strf.py", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [decodeURIComponent(script), ndjson, `${out}/strf.json`, "20"],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const expected = JSON.parse(new TextDecoder().decode(stdout));
  for (const { session, ridge, field, ccNorm, peak } of cells) {
    const numpy = expected[session];
    assertEquals(ridge, numpy.ridge, session);
    assertEquals(peak, numpy.peak, session);
    // Two ways to solve equations of condition 1e3 in float64.
    assertClose(field.weights, numpy.weights, 1e-6, session);
    assertAlmostEquals(field.offset, numpy.offset, 1e-6);
    assertAlmostEquals(ccNorm, numpy.ccNorm, 1e-6);
  }
}

Deno.test("examples/linear_strf.ts: data without known fields", async () => {
  const { code, out, err } = await runExample(
    "linear_strf.ts",
    ["--data", `${AC1_TINY}/crcns-ac1.zip`, "--history", "25"],
  );
  assertEquals(code, 0, err);
  assertEquals(out.match(/ seeded .* kHz, \d+ ms\n/g)?.length, 4, out);
  assertStringIncludes(out, "\nmean test cc_norm: 0.");
  // Of cells 0 to 3, numbers 1 and 2 are not among the published ones.
  assertStringIncludes(out, "\nof the 2 in the published cohort: 0.");
});

Deno.test("examples/linear_strf.ts: --help and bad flags show the usage", async () => {
  const help = await runExample("linear_strf.ts", ["--help"]);
  assertEquals(help.code, 0);
  assertStringIncludes(help.out, "--history MS");
  const bad = await runExample("linear_strf.ts", ["--history", "long"]);
  assertEquals(bad.code, 2);
  assertStringIncludes(
    bad.err,
    'error: --history is "long", expected a number',
  );
});
