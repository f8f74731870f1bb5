import { assert, assertEquals } from "./support/assert.ts";
import { itemAt } from "./support/item_at.ts";

const ROOT = new URL("../", import.meta.url);
/** Modules that `import "rxephys"` loaded before the rooms were made. */
const BEFORE = 361;

const BYTES = ["platform", "base", "http", "archive"];
const FLOW = ["session.ts", "stream", "tensor.ts", "errors.ts"];
const SOURCES = [...BYTES, ...FLOW, "formats", "publishers", "own", "sources"];
const OPERATORS = ["platform", "base", ...FLOW, "kernels", "operators"];
const DATASET = ["platform", "base", ...FLOW, "metrics", "dataset"];
const SINKS = [...BYTES, ...DATASET, "sinks"];
const DOWNLOAD = ["platform", "base", "errors.ts", "http", "publishers"];

/** Rooms that each entry point may load. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  ".": [...SOURCES, ...OPERATORS, ...SINKS, "download"],
  "./sources": SOURCES,
  "./operators": OPERATORS,
  "./sinks": SINKS,
  "./dataset": DATASET,
  "./metrics": ["platform", "base", "errors.ts", "tensor.ts", "metrics"],
  "./download": [...DOWNLOAD, "download"],
  "./models": [...DATASET, "kernels", "models"],
  "./synthetic": [...BYTES, ...FLOW, "publishers", "synthetic"],
  "./nwb": [...SINKS, "http", "publishers", "sources", "nwb"],
  "./shards": [...SINKS, "places", "shards"],
  "./wav": ["platform", "base", "errors.ts", "wav"],
  "./figures": [
    ...["platform", "base", "errors.ts", "session.ts", "tensor.ts", "figures"],
  ],
  "./cli": ["platform", "base", ...FLOW, "recipe", "command"],
};

/** Part of the output of `deno info --json`. */
interface Graph {
  readonly roots: readonly [string];
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

const { exports } = JSON.parse(
  await Deno.readTextFile(new URL("deno.json", ROOT)),
) as { readonly exports: Readonly<Record<string, string>> };

/** Everything that an entry point reaches, at once or later. */
async function graphOf(entry: string): Promise<Graph> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", itemAt(exports, entry)],
    cwd: ROOT,
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Modules of the project that an import loads at once, without types. */
async function loadedBy(entry: string): Promise<string[]> {
  const { roots, modules } = await graphOf(entry);
  const known = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>(roots);
  for (const specifier of loaded) {
    for (
      const { code, isDynamic } of known.get(specifier)?.dependencies ?? []
    ) {
      const isOurs = code?.specifier?.startsWith(ROOT.href);
      if (isOurs && !isDynamic) loaded.add(code?.specifier ?? "");
    }
  }
  return [...loaded].map((specifier) => specifier.slice(ROOT.href.length));
}

Deno.test("every entry point has its list of rooms", () => {
  assertEquals(Object.keys(MAY), Object.keys(exports));
});

for (const [entry, rooms] of Object.entries(MAY)) {
  Deno.test(`${entry} loads only its rooms`, async () => {
    const others = (await loadedBy(entry)).filter((path) =>
      !["mod.ts", "cli.ts"].includes(path) &&
      !rooms.includes(itemAt(path.split("/"), 1))
    );
    assertEquals(others, []);
  });
}

Deno.test("importing an entry point loads only its rooms: modules", async () => {
  const [all, metrics] = [await loadedBy("."), await loadedBy("./metrics")];
  assert(all.length <= BEFORE * 2 / 3, `. loads ${all.length} modules`);
  assert(metrics.length <= 22, `./metrics loads ${metrics.length} modules`);
});

Deno.test(". reaches no package of figures, models or the tests, even later", async () => {
  const packagesOf = async (entry: string): Promise<string[]> =>
    (await graphOf(entry)).modules.map(({ specifier }) => specifier)
      .filter((specifier) =>
        /plot|linkedom|resvg|tensorflow|ml-matrix|assemblyscript|playwright|h5wasm|bullmq|ioredis|msgpackr/
          .test(specifier)
      ).filter((specifier) => specifier.startsWith("npm:"));
  assertEquals(await packagesOf("."), []);
  assertEquals((await packagesOf("./figures")).sort(), [
    "npm:/@observablehq/plot@0.6.17",
    "npm:/@resvg/resvg-wasm@2.6.2",
    "npm:/linkedom@0.18.12",
  ]);
});
