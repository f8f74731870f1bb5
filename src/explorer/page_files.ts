import { bundledForBrowser } from "../platform/bundler.ts";
import type { PageFile } from "./host.ts";
import { PAGE_MARKUP } from "./page_markup.ts";
import { PAGE_STYLE } from "./page_style.ts";

const MODULES = {
  "page.js": new URL("./page/page.ts", import.meta.url).href,
  "worker.js": new URL("./read/worker.ts", import.meta.url).href,
  "figure.js": new URL("./page/figure_export.ts", import.meta.url).href,
};

/**
 * The files of the page. Its scripts are bundled from this package's own modules:
 * what the page computes is what this version computes, and nothing that was built
 * has to be kept in step with it.
 *
 * @throws {UnsupportedError} If there is no bundler here.
 */
export async function pageFiles(): Promise<Record<string, PageFile>> {
  const scripts = await bundledForBrowser(MODULES);
  const files: Record<string, PageFile> = {
    "index.html": { type: "text/html; charset=utf-8", text: PAGE_MARKUP },
    "page.css": { type: "text/css; charset=utf-8", text: PAGE_STYLE },
  };
  for (const [name, text] of Object.entries(scripts)) {
    files[name] = { type: "text/javascript; charset=utf-8", text };
  }
  return files;
}
