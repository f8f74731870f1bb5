import { Buffer } from "node:buffer";
import { basename } from "../../src/base/path.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import {
  bundled,
  chromiumPath,
  openPage,
} from "../support/browser/chromium.ts";
import {
  crcnsAc1Load,
  type PlainDataset,
  type PlainTensor,
  wehrLines,
  wehrLoad,
  wingertLoad,
} from "./_loads.ts";

const PAGE = "tests/browser/_page.ts";
const ZIPS = [
  `${AC1_TINY}crcns-ac1.zip`,
  `${AC1_TINY}crcns-ac1-asari-results-1.zip`,
  `${AC1_TINY}crcns-ac1-asari-results-2.zip`,
];
const ZIP = ZIPS[0] as string;
const CELL_LIST = `${WINGERT_SMALL}cell_list.csv`;
const RECORDINGS = `${WINGERT_SMALL}recordings.zip`;

Deno.test("browser: the bundle needs no shim", async () => {
  const script = await bundled(PAGE);
  assertEquals(
    script.match(/^import\b.*|\b(?:require|import)\(["']node:/gm),
    null,
  );
  // The bundler puts the path of each module in front of its code.
  const modules = script.split(/^\/\/ (?=\S+\.\w+$)/m).slice(1);
  const platform = modules.filter((text) => text.startsWith("src/platform/"));
  assert(platform.some((text) => /\bDeno\.\w/.test(text)));
  const others = modules.filter((text) => !platform.includes(text));
  assert(others.length > 200, `${others.length} modules`);
  const bound = others.filter((text) => /\bDeno\.\w|["']node:/.test(text));
  assertEquals(bound.map((text) => text.split("\n", 1)[0]), []);
});

const chromium = chromiumPath();
if (chromium === undefined) console.log("no Chromium: not run");

Deno.test({
  name: "browser: Chromium loads the bits that Deno loads",
  ignore: chromium === undefined,
  async fn(t): Promise<void> {
    const served = { "crcns-ac1.zip": await Deno.readFile(ZIP) };
    const script = await bundled(PAGE);
    await using open = await openPage(chromium ?? "", script, served);
    const { page, url } = open;
    const input = page.locator("input");

    await t.step("wehr of a file that was picked", async () => {
      await input.setInputFiles(ZIP);
      assertSame(await page.evaluate("wehrOfFile()"), await wehrLoad(ZIP));
    });

    await t.step("wehr of an address, by HTTP Range", async () => {
      const address = JSON.stringify(`${url}crcns-ac1.zip`);
      const found = await page.evaluate(`wehrOf(${address})`);
      assertSame(found, await wehrLoad(ZIP));
      assert(open.bytesAsked() > 0);
    });

    await t.step("wehr of an address that redirects", async () => {
      const address = JSON.stringify(`${url}moved`);
      const found = await page.evaluate(`wehrOf(${address})`);
      assertSame(found, await wehrLoad(ZIP));
    });

    await t.step("crcnsAc1 of several files", async () => {
      await input.setInputFiles(ZIPS);
      const found = await page.evaluate("crcnsAc1OfFiles()");
      assertSame(found, await crcnsAc1Load(AC1_TINY));
    });

    await t.step("wingert2026 of a table and an archive", async () => {
      await input.setInputFiles([CELL_LIST, RECORDINGS]);
      const found = await page.evaluate("wingertOfFiles()");
      assertSame(found, await wingertLoad(WINGERT_SMALL));
    });

    await t.step("a damaged file gives the same error", async () => {
      const bytes = served["crcns-ac1.zip"].slice();
      bytes.fill(0, 200_000, 200_500);
      const file = new File([bytes], basename(ZIP));
      const expected = await messageOf(wehrLoad(file));
      await input.setInputFiles({
        name: file.name,
        mimeType: "application/zip",
        buffer: Buffer.from(bytes),
      });
      const caught = "wehrOfFile().then(() => null, (error) => error.message)";
      assertEquals(await page.evaluate(caught), expected);
    });

    await t.step("NDJSON to a stream", async () => {
      await input.setInputFiles(ZIP);
      const found = await page.evaluate("linesOfFile(false)");
      assert(found === await wehrLines(ZIP), "the lines differ");
    });

    await t.step("parallel() names what is missing", async () => {
      const caught =
        "linesOfFile(true).then(() => null, (error) => error.message)";
      assertEquals(
        await page.evaluate(caught),
        "Cannot read in workers: this platform has no node:worker_threads, " +
          "expected Deno or Node; leave parallel() out here",
      );
    });

    await t.step("no data names what to pass", async () => {
      const caught = "wehrOf().then(() => null, (error) => error.message)";
      assertEquals(
        await page.evaluate(caught),
        "Cannot find the data folder of crcns-ac1: there are no folders in a " +
          "browser, expected a File, a Blob or an address as data",
      );
    });
  },
});

async function messageOf(load: Promise<unknown>): Promise<string | null> {
  return await load.then(() => null, (error) => (error as Error).message);
}

function assertSame(found: unknown, expected: PlainDataset): void {
  const { stims, responses, rest } = found as PlainDataset;
  assertEquals(rest, expected.rest);
  assertSameTensors(stims, expected.stims);
  assertSameTensors(responses.flat(), expected.responses.flat());
}

function assertSameTensors(
  found: readonly PlainTensor[],
  expected: readonly PlainTensor[],
): void {
  assert(expected.length > 0);
  assertEquals(
    found.map(({ shape }) => shape),
    expected.map(({ shape }) => shape),
  );
  // Texts of a MB each, whose difference nobody reads.
  const others = expected.flatMap(({ bits }, i) =>
    bits === found[i]?.bits ? [] : [i]
  );
  assertEquals(others, []);
}
