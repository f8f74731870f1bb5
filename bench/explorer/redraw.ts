/**
 * Opens a zip in the explorer's page in Chromium and moves its sliders: time to
 * the first picture, time of a redraw, and memory of the page.
 *
 * Run: `deno run -A bench/explorer/redraw.ts ZIP`.
 */
import type { Page } from "playwright-core";
import { chromiumPath } from "../../tests/support/browser/chromium.ts";
import { ExplorerPages } from "../../tests/support/browser/explorer_pages.ts";
import { median } from "../_statistics.ts";

const [zip] = Deno.args;
const chromium = chromiumPath();
if (zip === undefined || chromium === undefined) {
  console.error(
    zip ? "There is no Chromium" : "Usage: bench/explorer/redraw.ts ZIP",
  );
  Deno.exit(2);
}

await using pages = await ExplorerPages.start(chromium);
await using open = await pages.open();
const { page } = open;
await printFirstPicture(page, zip);
await printRedraws(page, "medianMs", steps(20, (i) => 110 + 10 * i));
await printRedraws(page, "minCorrelation", steps(20, (i) => 0.01 * i - 0.05));
await printRedraws(page, "dtMs", steps(20, (i) => 6 + i));
await printRedraws(page, "bandsPerOctave", steps(12, (i) => 1 + i));
for (let hundreds = 1; hundreds <= 3; hundreds++) {
  await printRedraws(page, "medianMs", steps(100, (i) => 50 + 10 * (i % 30)));
}

async function printFirstPicture(page: Page, zip: string): Promise<void> {
  const started = performance.now();
  await page.locator("#files").setInputFiles(zip);
  await page.locator("#view[aria-busy=false] #picture:not([hidden])").waitFor();
  const ms = performance.now() - started;
  console.log(`first picture ${ms.toFixed(0)} ms, ${memoryText()}`);
}

/** Moves a slider, each time once the last move is drawn. */
async function printRedraws(
  page: Page,
  name: string,
  values: readonly number[],
): Promise<void> {
  const times = await page.evaluate(async ([name, values]) => {
    const input = document.querySelector(`input[name=${name}]`);
    const facts = document.getElementById("quality");
    if (!(input instanceof HTMLInputElement) || !facts) return [];
    const times: number[] = [];
    for (const value of values) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const observer = new MutationObserver(() => resolve());
      observer.observe(facts, { childList: true });
      const started = performance.now();
      input.value = String(value);
      input.dispatchEvent(new Event("input"));
      await promise;
      observer.disconnect();
      times.push(performance.now() - started);
    }
    return times;
  }, [name, values] as const);
  console.log(
    `${name}: ${times.length} redraws, median ${
      median(times).toFixed(0)
    } ms, ` +
      `slowest ${Math.max(...times).toFixed(0)} ms, ${memoryText()}`,
  );
}

function steps(count: number, value: (i: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => value(i));
}

/** Memory of Chromium's largest renderer, that of the page. */
function memoryText(): string {
  const sizes = [...Deno.readDirSync("/proc")].map(({ name }) =>
    /^\d+$/.test(name) ? rendererKilobytes(name) : 0
  );
  return `page ${(Math.max(...sizes) / 1000).toFixed(0)} MB`;
}

function rendererKilobytes(process: string): number {
  try {
    const call = Deno.readTextFileSync(`/proc/${process}/cmdline`);
    if (!call.includes("--type=renderer")) return 0;
    const status = Deno.readTextFileSync(`/proc/${process}/status`);
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch (error) {
    // A process may have ended since the folder was read.
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
