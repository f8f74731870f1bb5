import { fromFileUrl } from "@std/path";
import { assertEquals } from "../support/assert.ts";
import { pathExists } from "../../bench/_files.ts";

const ROOT = new URL("../../", import.meta.url);

const docs = [...Deno.readDirSync(new URL("docs/", ROOT))]
  .map(({ name }) => `docs/${name}`).filter((name) => name.endsWith(".md"));
const pages = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...["bench/README.md", "python/README.md"],
  ...docs,
];

/** Links of a page to files of this repository. */
function linksOf(page: string): URL[] {
  const at = new URL(page, ROOT);
  const text = Deno.readTextFileSync(at).replace(/^```[\s\S]*?^```/gm, "");
  const links = text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm);
  return [...links].map(([, link = "", defined = link]) => defined)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => new URL(link, at));
}

/** Anchors of a page's headings, as forges make them. */
function anchorsOf(page: URL): string[] {
  const headings = Deno.readTextFileSync(page).matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) =>
    `#${
      heading.toLowerCase().replace(/[^\w\s-]/g, "").trim()
        .replaceAll(" ", "-")
    }`
  );
}

for (const page of pages) {
  Deno.test(`${page}: every link leads somewhere`, async () => {
    const broken: string[] = [];
    for (const link of linksOf(page)) {
      const { hash } = link;
      link.hash = "";
      const isThere = await pathExists(fromFileUrl(link)) &&
        (hash === "" || anchorsOf(link).includes(hash));
      if (!isThere) broken.push(link.pathname + hash);
    }
    assertEquals(broken, []);
  });
}

Deno.test("README.md leads to every page of docs", () => {
  const linked = new Set(linksOf("README.md").map(({ pathname }) => pathname));
  const lost = docs.filter((page) => !linked.has(new URL(page, ROOT).pathname));
  assertEquals(lost, []);
});
