import { type Browser, chromium, type Page } from "playwright-core";
import { itemAt } from "../item_at.ts";
import { rangeServer } from "../servers/range_server.ts";

/** Where Debian and Google install Chromium; `CHROMIUM` names another one. */
const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Path of a Chromium on this machine; undefined if there is none. */
export function chromiumPath(): string | undefined {
  const named = Deno.env.get("CHROMIUM");
  return (named ? [named] : PATHS).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const ROOT = new URL("../../../", import.meta.url);

/**
 * Bundles a module for a browser: one file, without shims.
 *
 * @param entry Path from the root of the project.
 */
export async function bundled(entry: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", entry],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Page of Chromium with a script, and the server that it comes from. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Address of the server, ending with a slash. */
  readonly url: string;
  /** Bytes that the page asked for by range. */
  readonly bytesAsked: () => number;
}

/**
 * Opens a page with a file input and a script in a new Chromium.
 *
 * @param script JavaScript module.
 * @param files Served by range, by name; `moved` redirects to the first.
 */
export async function openPage(
  executablePath: string,
  script: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<OpenPage> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(rangeServer(files));
  server.answering = ({ path }) => {
    if (path === "/") return answer("text/html", HTML);
    if (path === "/page.js") return answer("text/javascript", script);
    if (path.startsWith("/moved")) {
      return movedTo(itemAt(Object.keys(files), 0));
    }
  };
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox"],
  });
  stack.defer(() => browser.close());
  const page = await browser.newPage();
  const failed = new Promise<never>((_, reject) =>
    page.once("pageerror", reject)
  );
  failed.catch(() => {});
  await Promise.race([page.goto(server.url, { waitUntil: "load" }), failed]);
  const held = stack.move();
  return {
    page,
    url: server.url,
    bytesAsked: () => server.bytesAsked,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

const HTML = `<!doctype html>
<meta charset="utf-8">
<input type="file" multiple>
<script type="module" src="page.js"></script>`;

function movedTo(name: string): Response {
  return new Response(null, { status: 302, headers: { location: `/${name}` } });
}

function answer(type: string, body: string): Response {
  return new Response(body, { headers: { "content-type": type } });
}
