import { chromium, type Page } from "playwright-core";
import {
  bin,
  type CellMeta,
  crcnsAc1Pipeline,
  eachSession,
  mask,
  sessionsFrom,
  spectrogram,
  toDataset,
  wehr,
} from "rxephys";
import { lastValueFrom, of } from "rxjs";
import { writeReport } from "../../src/report/write_report.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { itemAt } from "../support/item_at.ts";
import { inFolder } from "../support/in_folder.ts";
import { runCommand } from "../command/_run_command.ts";
import { chromiumPath } from "../support/browser/chromium.ts";

const executablePath = chromiumPath();

interface View {
  readonly width?: number;
  readonly dark?: boolean;
  /** Messages of the console that must come, and no others. */
  readonly refusals?: readonly RegExp[];
}

/** Opens a file from disk, and fails for any error or request of the page. */
async function withPage(
  path: string,
  { width = 1280, dark = false, refusals = [] }: View,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  if (executablePath === undefined) {
    return console.log("no Chromium here: the report is not opened");
  }
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage({
      viewport: { width, height: 800 },
      colorScheme: dark ? "dark" : "light",
    });
    const faults: string[] = [];
    page.on("console", (message) => faults.push(message.text()));
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== `file://${path}` && !url.startsWith("data:")) {
        faults.push(url);
      }
    });
    await page.goto(`file://${path}`);
    await look(page);
    assertEquals(faults.length, refusals.length, faults.join("\n"));
    for (const [i, fault] of faults.entries()) {
      assert(itemAt(refusals, i).test(fault), fault);
    }
  } finally {
    await browser.close();
  }
}

/** Texts of a column of the table of cells. */
const column = (page: Page, number: number): Promise<string[]> =>
  page.locator(`table.sortable >> nth=0 >> td:nth-child(${number})`)
    .allTextContents();

/** Cells with their quality, each session by itself. */
async function cellsOfSessions(): Promise<CellMeta[]> {
  const cells: CellMeta[] = [];
  const sessions = wehr(AC1_TINY).pipe(crcnsAc1Pipeline());
  for await (const session of eachSession(sessions)) {
    if ((await session.presentations()).length === 0) continue;
    const dataset = await lastValueFrom(of(session).pipe(toDataset()));
    dataset.computeNeuronQuality();
    cells.push(...dataset.nrnMeta);
  }
  return cells;
}

Deno.test("report of CRCNS AC1: numbers, figures, the gate, and the chain to run again", () =>
  inFolder(async (folder) => {
    const path = `${folder}/report.html`;
    const flags = ["--dataset", "wehr", "--fmax", "12800"];
    flags.push("--bands-per-octave", "3");
    const { code, out, err } = await runCommand(
      ["report", AC1_TINY, path, "--json", ...flags],
    );
    assertEquals(code, 0, err);
    const { warnings: _, ...summary } = JSON.parse(out);
    assertEquals(summary, {
      path,
      bytes: (await Deno.stat(path)).size,
      sessions: 5,
      cells: 5,
      stimuli: 6,
      repeats: 62,
      tally: { range: 1, step: 2, xcorr: 3, kept: 62 },
    });
    const cells = await cellsOfSessions();
    await withPage(path, {}, async (page) => {
      assertEquals(await page.title(), "CRCNS AC1, Wehr half: report");
      const names = cells.map(({ session }) => session);
      const shown = await column(page, 1);
      assertEquals(shown.slice(0, 4), names);
      const snr = cells.map((meta) => meta.snr?.toFixed(3));
      assertEquals(await column(page, 7), [...snr, "-"]);

      // Ascending, descending; what is not known stays at the end.
      const up = cells.toSorted((a, b) => Number(a.snr) - Number(b.snr))
        .map(({ session }) => session);
      await page.getByRole("button", { name: "SNR" }).first().click();
      assertEquals((await column(page, 1)).slice(0, 4), up);
      await page.keyboard.press("Enter");
      assertEquals((await column(page, 1)).slice(0, 4), up.toReversed());
      assertEquals((await column(page, 7)).at(-1), "-");

      await page.getByRole("link", { name: names[2] ?? "" }).first().click();
      assertEquals(
        await page.evaluate("location.hash"),
        "#cell-3-1",
      );
      const figures = page.locator("section.cell figure svg");
      assertEquals(await figures.count(), 8);
      assertEquals(
        await page.locator("section.cell figcaption", {
          hasText: /^Linear receptive field: normalized correlation \d\.\d{3}/,
        }).count(),
        4,
      );
      const gate = page.locator("#gate + .scroll td:nth-child(3)");
      assertEquals(await gate.allTextContents(), ["62", "1", "2", "3"]);
      const examples = page.locator("details > .figures figcaption");
      assertEquals(
        (await examples.allTextContents()).map((text) => text.split(":")[0]),
        ["range", "step", "step", "xcorr", "xcorr", "xcorr"],
      );
      const [command = "", program = ""] = await page.locator("pre")
        .allTextContents();
      assertEquals(
        command,
        `rxephys convert ${AC1_TINY} tensors.npz --dataset wehr ` +
          "--fmax 12800 --bands-per-octave 3",
      );
      await Deno.writeTextFile(`${folder}/again.ts`, program);
      const again = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "-q", "--config"],
          ...[new URL("../../deno.json", import.meta.url).pathname],
          `${folder}/again.ts`,
        ],
      }).output();
      assertEquals(
        new TextDecoder().decode(again.stdout),
        "N=4 S=6 F=22 dt=5 ms signal=subthresh coverage=54 %\n",
      );
    });
  }));

Deno.test("report of Wingert 2026: on a phone, in the dark, cells by area", () =>
  inFolder(async (folder) => {
    const path = `${folder}/report.html`;
    const args = ["--figures", "2", "--subset", "val", "--no-fit", "--quiet"];
    const { code, out } = await runCommand(
      ["report", WINGERT_SMALL, path, ...args],
    );
    assertEquals(code, 0);
    assert(out.endsWith("): 4 sessions, 19 cells\n"), out);
    await withPage(path, { width: 390, dark: true }, async (page) => {
      assertEquals(
        await page.evaluate("document.documentElement.scrollWidth"),
        390,
      );
      assertEquals(
        await page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "rgb(21, 24, 28)",
      );
      assertEquals((await column(page, 1)).length, 19);
      const headings = page.locator("table.sortable >> nth=0 >> th");
      // Nothing was fitted.
      assertEquals((await headings.allTextContents()).slice(-4), [
        "Sounds",
        "Repeats",
        "SNR",
        "CCmax",
      ]);
      assertEquals(await page.locator("section.cell").count(), 8);
      assertEquals(await page.locator("#gate").count(), 0);
      assertEquals(
        await page.getByText("more cells without figures").count(),
        4,
      );
    });
  }));

const HOSTILE = `<img src=x onerror="globalThis.hacked=1">'"&</style><script>` +
  `globalThis.hacked=2</script>`;

Deno.test("report: text of the data is never markup", () =>
  inFolder(async (folder) => {
    const path = `${folder}/report.html`;
    const samples = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(i));
    const sessions = sessionsFrom([{
      id: `session ${HOSTILE}`,
      cells: [{ cellId: `cell ${HOSTILE}`, site: `site ${HOSTILE}` }],
      presentations: [0, 1, 2, 3].map((n) => ({
        stimulus: {
          key: `key ${n} ${HOSTILE}`,
          waveform: { samples, rateHz: 16_000 },
          meta: {
            description: `description ${HOSTILE}`,
            category: `category ${HOSTILE}`,
          },
        },
        traces: {
          repeats: [[samples.slice(0, 500), samples.slice(n, 500 + n)]],
          rateHz: 1000,
          kind: "subthresh" as const,
          unit: "mV",
        },
      })),
    }]).pipe(bin(), spectrogram({ fmaxHz: 7000 }), mask());
    await writeReport(path, {
      title: `title ${HOSTILE}`,
      data: `data ${HOSTILE}`,
      sessions,
      program: `program ${HOSTILE}`,
      command: `command ${HOSTILE}`,
      warnings: () => [{
        kind: `kind ${HOSTILE}`,
        count: 1,
        message: `message ${HOSTILE}`,
        member: `member ${HOSTILE}`,
      }],
    }, {
      overwrite: false,
      figures: 1,
      fit: true,
      onProgress: () => {},
    });
    const refusals = [/inline script violates.*Content Security Policy/];
    await withPage(path, { refusals }, async (page) => {
      assertEquals(await page.evaluate("globalThis.hacked ?? 0"), 0);
      assertEquals(await page.locator("img").count(), 0);
      assertEquals(await page.locator("script").count(), 1);
      assertEquals(await page.locator("h1").textContent(), `title ${HOSTILE}`);
      assertEquals(await column(page, 1), [`cell ${HOSTILE}`]);
      assertEquals(
        await page.locator(".session > h2").textContent(),
        `session ${HOSTILE}`,
      );
      assertEquals(
        await page.locator(".session details td:first-child").first()
          .textContent(),
        `description ${HOSTILE}`,
      );
      // The policy refuses scripts and pictures that get in by another way.
      await page.evaluate(() => {
        const doc = (globalThis as unknown as { document: HostileDocument })
          .document;
        const script = doc.createElement("script");
        script.textContent = "globalThis.hacked = 3";
        doc.body.append(script);
      });
      assertEquals(await page.evaluate("globalThis.hacked ?? 0"), 0);
    });
  }));

/** The part of a document that the test uses. */
interface HostileDocument {
  createElement(name: string): { textContent: string };
  readonly body: { append(node: unknown): void };
}
