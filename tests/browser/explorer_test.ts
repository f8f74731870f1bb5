import { Buffer } from "node:buffer";
import { crcnsAc1Pipeline, wehr, wingert2026 } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import type { Tensor } from "../../src/tensor.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { itemAt } from "../support/item_at.ts";
import { rangeServer } from "../support/servers/range_server.ts";
import { startCommand } from "../command/_run_command.ts";
import { chromiumPath } from "../support/browser/chromium.ts";
import {
  assertClean,
  drag,
  ExplorerPages,
  exportedBytes,
  exportedText,
  shownFacts,
} from "../support/browser/explorer_pages.ts";
import { withOtherText } from "./_hostile_zip.ts";

const ZIP = `${AC1_TINY}crcns-ac1.zip`;
const DESCRIPTION = "natural sound stream (0-1.6 kHz), No.1";
/** As long as the description that it replaces. */
const HOSTILE = "<img src=x onerror=globalThis.hack=12>";

/** The CSV of a response, as the page exports it, read by Deno. */
async function csvByDeno(
  options: Parameters<typeof crcnsAc1Pipeline>[0],
  session: number,
  stimulus: number,
): Promise<string> {
  const stream = wehr(ZIP).pipe(crcnsAc1Pipeline(options), toArray());
  const sessions = await lastValueFrom(stream);
  const heard = await itemAt(sessions, session).presentations();
  const { responses } = await itemAt(heard, stimulus).read();
  const repeats = responses[0]?.repeats ?? [];
  const dtMs = options?.dtMs ?? 5;
  const names = repeats.map((_, i) => `repeat_${i + 1}`);
  const lines = [["time_s", "mean", ...names].join(",")];
  for (let t = 0; t < (repeats[0]?.length ?? 0); t++) {
    const values = repeats.map((repeat) => repeat[t] ?? NaN);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    lines.push([t * dtMs / 1000, mean, ...values].join(","));
  }
  return `${lines.join("\n")}\n`;
}

const executablePath = chromiumPath();
if (executablePath === undefined) {
  console.log("no Chromium here: the explorer is not opened");
}

Deno.test({
  name: "explorer in Chromium",
  ignore: executablePath === undefined,
  async fn(t): Promise<void> {
    await using pages = await ExplorerPages.start(executablePath ?? "");

    await t.step(
      "a picked zip: lists, pictures, values bit for bit",
      async () => {
        await using open = await pages.open();
        const { page } = open;
        assertEquals(
          await page.locator("#state-title").textContent(),
          "No data yet",
        );
        await page.locator("#files").setInputFiles(ZIP);
        assertEquals((await shownFacts(page)).slice(2, 5), [
          "3",
          "240 of 5 ms",
          "53",
        ]);
        assertEquals(await page.locator("#sessions li").count(), 5);
        assertEquals(
          await page.locator("#tally dd").allTextContents(),
          ["1", "1", "0", "3"],
        );
        assertEquals(
          await exportedText(page, "csv"),
          await csvByDeno({}, 0, 0),
        );

        await page.locator("#sessions button").nth(1).click();
        await page.locator("#stimuli button").nth(1).click();
        await page.locator("#stimuli [aria-current=true]").waitFor();
        await shownFacts(page);
        assertEquals(
          await exportedText(page, "csv"),
          await csvByDeno({}, 1, 1),
        );
        assertClean(open);
      },
    );

    await t.step("dragged sliders: the last move counts", async () => {
      await using open = await pages.open();
      const { page } = open;
      await page.locator("#files").setInputFiles(ZIP);
      await shownFacts(page);
      for (let dtMs = 2; dtMs <= 20; dtMs++) await drag(page, "dtMs", dtMs);
      await page.getByText("60 of 20 ms").waitFor();
      for (const medianMs of [500, 300, 250]) {
        await drag(page, "medianMs", medianMs);
      }
      await drag(page, "minCorrelation", 0.5);
      await drag(page, "bandsPerOctave", 3);
      await page.locator("#quality").getByText("27", { exact: true }).waitFor();
      await shownFacts(page);
      const moved = { dtMs: 20, medianMs: 250, minCorrelation: 0.5 };
      assertEquals(
        await exportedText(page, "csv"),
        await csvByDeno(moved, 0, 0),
      );
      const program = await exportedText(page, "ts");
      assert(program.includes('wehr("crcns-ac1.zip")'), program);
      assert(program.includes("medianMs: 250, minCorrelation: 0.5"), program);
      assert(program.includes("dtMs: 20"), program);
      await page.getByRole("button", { name: "Defaults" }).click();
      await page.getByText("240 of 5 ms").waitFor();
      assertClean(open);
    });

    await t.step("figures: SVG and PNG", async () => {
      await using open = await pages.open();
      const { page } = open;
      await page.locator("#files").setInputFiles(ZIP);
      await shownFacts(page);
      const svg = await exportedText(page, "svg");
      assert(svg.startsWith("<?xml") && svg.includes(DESCRIPTION), "no figure");
      const png = await exportedBytes(page, "png");
      assertEquals([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]);
      assertClean(open);
    });

    await t.step("drag and drop, keyboard, search", async () => {
      await using open = await pages.open();
      const { page } = open;
      const bytes = (await Deno.readFile(ZIP)).toBase64();
      const data = await page.evaluateHandle((text) => {
        const zip = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([zip], "crcns-ac1.zip"));
        return transfer;
      }, bytes);
      await page.dispatchEvent("body", "drop", { dataTransfer: data });
      await shownFacts(page);
      await page.locator("#sessions button").first().focus();
      await page.keyboard.press("ArrowDown");
      await page.locator("#heading", { hasText: "20020509" }).waitFor();
      await page.locator("#stimuli button").first().waitFor();
      await shownFacts(page);
      await page.keyboard.press("]");
      await page.locator("#repeat-text", { hasText: "Repeat 2 of" }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("0511");
      assertEquals(
        await page.locator("#session-count").textContent(),
        "1 of 5",
      );
      assertEquals(
        await page.locator("#sessions button").allTextContents(),
        ["20020511-mw-004A1, whole-cell"],
      );
      await page.keyboard.press("Escape");
      assertEquals(await page.locator("#session-count").textContent(), "5");
      assertClean(open);
    });

    await t.step("an address by Range, and one where nothing is", async () => {
      await using server = rangeServer({
        "crcns-ac1.zip": await Deno.readFile(ZIP),
      });
      server.headers = {
        "etag": '"1"',
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "*",
        "access-control-expose-headers": "content-range, etag",
      };
      server.answering = ({ path, headers }) => {
        if (path !== "/gone.zip") return undefined;
        const isAsked = headers.has("access-control-request-method");
        const status = isAsked ? 204 : 404;
        return new Response(null, { status, headers: server.headers });
      };
      await using open = await pages.open();
      const { page } = open;
      await page.locator("#address").fill(`${server.url}crcns-ac1.zip`);
      await page.keyboard.press("Enter");
      await shownFacts(page);
      assertEquals(await exportedText(page, "csv"), await csvByDeno({}, 0, 0));
      assert(server.bytesAsked > 0);
      assertClean(open);

      await page.locator("#address").fill(`${server.url}gone.zip`);
      await page.keyboard.press("Enter");
      await page.locator("body[data-state=failed]").waitFor();
      await page.locator("#state-text", { hasText: "gone.zip" }).waitFor();
    });

    await t.step("wrong and damaged files leave the page alive", async () => {
      await using open = await pages.open();
      const { page } = open;
      const pick = async (name: string, buffer: Uint8Array): Promise<void> => {
        await page.locator("#files").setInputFiles({
          name,
          mimeType: "application/zip",
          buffer: Buffer.from(buffer),
        });
      };
      const failed = async (title: string, text: string): Promise<void> => {
        await page.locator("#state-title", { hasText: title }).waitFor();
        await page.locator("#state-text", { hasText: text }).waitFor();
      };
      const bytes = await Deno.readFile(ZIP);
      await pick(`<img src=x onerror="hacked=1">.zip`, bytes.slice(1, 100));
      await failed("This is no data set", `<img src=x onerror="hacked=1">.zip`);
      await pick("crcns-ac1.zip", bytes.slice(0, 200_000));
      await failed("The file is damaged", "no directory at its end");
      const damaged = bytes.slice();
      damaged.fill(0, 200_000, 200_500);
      await pick("crcns-ac1.zip", damaged);
      await page.locator("#warnings li, #note:not(:empty), #picture").first()
        .waitFor();
      for await (const { name } of Deno.readDir("tests/fixtures/hostile")) {
        if (!name.startsWith("zip-")) continue;
        await pick(name, await Deno.readFile(`tests/fixtures/hostile/${name}`));
        await page.locator(
          "body[data-state=failed], [data-state=open] #note:not(:empty)",
        ).first().waitFor();
      }
      await pick("crcns-ac1.zip", bytes);
      await shownFacts(page);
      assertClean(open);
    });

    await t.step("text of files is never markup", async () => {
      await using open = await pages.open();
      const { page } = open;
      const zip = await Deno.readFile(ZIP);
      await page.locator("#files").setInputFiles({
        name: "crcns-ac1.zip",
        mimeType: "application/zip",
        buffer: Buffer.from(await withOtherText(zip, DESCRIPTION, HOSTILE)),
      });
      await shownFacts(page);
      assertEquals(
        await page.locator("#stimuli button").first().getAttribute("title"),
        HOSTILE,
      );
      assert((await exportedText(page, "svg")).includes("&#60;img src=x"));

      const table = await Deno.readTextFile(`${WINGERT_SMALL}cell_list.csv`);
      const [cell = ""] = /^[A-Z]+\d+a-\d+-\d+(?=,)/m.exec(table) ?? [];
      const named = `${cell.slice(0, cell.lastIndexOf("-"))}-<img src=x ` +
        "onerror=globalThis.hack=3>";
      await page.locator("#files").setInputFiles([
        {
          name: "cell_list.csv",
          mimeType: "text/csv",
          buffer: Buffer.from(table.replace(cell, named)),
        },
        {
          name: "recordings.zip",
          mimeType: "application/zip",
          buffer: Buffer.from(
            await Deno.readFile(`${WINGERT_SMALL}recordings.zip`),
          ),
        },
      ]);
      await page.locator("#title", { hasText: "Wingert" }).waitFor();
      await page.locator("#search").fill("<img");
      await page.locator("#sessions button").click();
      await page.locator("#cells button", { hasText: "<img src=x" }).waitFor();
      assertEquals(await page.locator("img").count(), 0);
      assertEquals(await page.evaluate("globalThis.hack ?? 0"), 0);
      assertClean(open);
      // The policy refuses markup that gets in by another way.
      const refused = await page.evaluate(() => {
        try {
          document.body.innerHTML = "<img src=x onerror=globalThis.hack=3>";
          return "";
        } catch (error) {
          return (error as Error).name;
        }
      });
      assertEquals(refused, "TypeError");
    });

    await t.step("Wingert 2026 on a phone, in the dark", async () => {
      await using open = await pages.open(undefined, {
        width: 390,
        dark: true,
      });
      const { page } = open;
      await page.locator("#files").setInputFiles([
        `${WINGERT_SMALL}cell_list.csv`,
        `${WINGERT_SMALL}recordings.zip`,
      ]);
      await shownFacts(page);
      assertEquals(
        await page.evaluate("document.documentElement.scrollWidth"),
        390,
      );
      assertEquals(
        await page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "rgb(21, 24, 28)",
      );
      const sessions = await lastValueFrom(
        wingert2026(WINGERT_SMALL).pipe(toArray()),
      );
      assertEquals(
        await page.locator("#sessions li").count(),
        sessions.length,
      );
      const [heard] = await itemAt(sessions, 0).presentations();
      const { shape } = await heard?.stimulus.read() as Tensor;
      const facts = await shownFacts(page);
      assertEquals(facts[3], `${shape.at(-1)} of 10 ms`);
      assertEquals(await page.locator("#controls").isVisible(), false);
      assertClean(open);
    });

    await t.step("rxephys explore serves what a folder holds", async () => {
      const command = startCommand(["explore", AC1_TINY, "--json", "--quiet"]);
      try {
        const reader = command.stdout.pipeThrough(new TextDecoderStream())
          .getReader();
        let line = "";
        while (!line.includes("\n")) line += (await reader.read()).value ?? "";
        const { url } = JSON.parse(line) as { readonly url: string };
        assert(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{36}\/$/.test(url), url);
        await using open = await pages.open(url);
        const { page } = open;
        await shownFacts(page);
        assertEquals(await page.locator("#sessions li").count(), 8);
        assertEquals(
          await exportedText(page, "csv"),
          await csvByDeno({}, 0, 0),
        );
        const program = await exportedText(page, "ts");
        assert(
          program.includes(`crcnsAc1(${JSON.stringify(AC1_TINY)}`),
          program,
        );
        await reader.cancel();
      } finally {
        command.kill("SIGINT");
      }
      const { code } = await command.status;
      await command.stderr.cancel();
      assertEquals(code, 130);
    });
  },
});
