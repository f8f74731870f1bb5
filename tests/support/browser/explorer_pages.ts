import { type Browser, chromium, type Page } from "playwright-core";
import { hostAnswer } from "../../../src/explorer/host.ts";
import { pageFiles } from "../../../src/explorer/page_files.ts";
import { assertEquals } from "../assert.ts";

/** The page in Chromium, and what went wrong in it. */
export interface ExplorerPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors, refusals of the policy, and requests to other servers. */
  readonly faults: readonly string[];
}

/** Opens pages of the explorer without data, one Chromium for all of them. */
export class ExplorerPages implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(browser: Browser, server: Deno.HttpServer<Deno.NetAddr>) {
    this.#browser = browser;
    this.#server = server;
  }

  /** Bundles the page, serves it and starts Chromium. */
  static async start(executablePath: string): Promise<ExplorerPages> {
    const page = await pageFiles();
    const start = { type: "application/json", text: '{"data":null}' };
    const content = {
      page: { ...page, "start.json": start },
      archives: new Map<string, never>(),
      token: "test",
    };
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    const server = Deno.serve(options, (asked) => hostAnswer(content, asked));
    const args = ["--no-sandbox"];
    const browser = await chromium.launch({ executablePath, args });
    return new ExplorerPages(browser, server);
  }

  /** Opens the page, or another one. */
  async open(
    url: string = `http://127.0.0.1:${this.#server.addr.port}/test/`,
    view: { readonly width?: number; readonly dark?: boolean } = {},
  ): Promise<ExplorerPage> {
    const { width = 1280, dark = false } = view;
    const page = await this.#browser.newPage({
      viewport: { width, height: 720 },
      colorScheme: dark ? "dark" : "light",
    });
    const faults: string[] = [];
    page.on("console", (message) => faults.push(message.text()));
    page.on("pageerror", ({ message }) => faults.push(message));
    await page.goto(url);
    return {
      page,
      faults,
      [Symbol.asyncDispose]: async (): Promise<void> => {
        await page.close();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.shutdown();
  }
}

/** Waits for a picture, and returns the facts beside it. */
export async function shownFacts(page: Page): Promise<string[]> {
  await page.locator("#view[aria-busy=false] #picture:not([hidden])").waitFor();
  return await page.locator("#quality dd").allTextContents();
}

/** Bytes that a button of the page saves. */
export async function exportedBytes(
  page: Page,
  kind: "svg" | "png" | "csv" | "ts",
): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(`#export-${kind}`).click(),
  ]);
  return await Deno.readFile(await download.path());
}

/** Text that a button of the page saves. */
export async function exportedText(
  page: Page,
  kind: "svg" | "csv" | "ts",
): Promise<string> {
  return new TextDecoder().decode(await exportedBytes(page, kind));
}

/** Moves a slider as a hand does. */
export async function drag(
  page: Page,
  name: string,
  value: number,
): Promise<void> {
  await page.locator(`input[name=${name}]`).evaluate(
    (input, text) => {
      Object.assign(input, { value: text });
      input.dispatchEvent(new Event("input"));
    },
    String(value),
  );
}

/** Fails for any fault of a page. */
export function assertClean({ faults }: ExplorerPage): void {
  assertEquals(faults, []);
}
