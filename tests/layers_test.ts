import { assert, assertEquals } from "./support/assert.ts";
import { itemAt } from "./support/item_at.ts";

const SRC = new URL("../src/", import.meta.url);

/** Rooms that a room may import beside itself and `errors.ts`. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  base: ["platform"],
  "tensor.ts": [],
  "session.ts": ["base", "tensor.ts"],
  formats: ["platform", "base"],
  http: [],
  s3: ["platform", "base", "http"],
  places: ["platform", "base", "http", "archive", "s3"],
  archive: ["platform", "base", "http"],
  publishers: ["platform", "base", "http", "s3"],
  metrics: ["base", "tensor.ts"],
  stream: ["base", "session.ts", "tensor.ts"],
  kernels: ["base", "session.ts"],
  dataset: ["base", "session.ts", "tensor.ts", "stream", "metrics"],
  models: [
    ...["base", "session.ts", "tensor.ts", "kernels", "metrics", "dataset"],
  ],
  operators: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream", "kernels"],
  ],
  own: ["base", "session.ts", "tensor.ts", "stream"],
  sources: [
    ...["platform", "base", "session.ts", "stream"],
    ...["formats", "http", "archive", "publishers", "own", "wav"],
  ],
  sinks: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream"],
    ...["dataset", "archive"],
  ],
  shards: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream", "sinks"],
    ...["places"],
  ],
  nwb: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream", "sinks"],
    ...["archive", "http", "publishers", "sources"],
  ],
  download: ["platform", "base", "http", "publishers"],
  wav: ["platform", "base", "session.ts"],
  figures: ["platform", "base", "session.ts", "tensor.ts"],
  synthetic: ["platform", "base", "session.ts", "publishers"],
  recipe: [
    ...["base", "session.ts", "archive", "http", "publishers"],
    ...["sources", "operators"],
  ],
  report: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream", "dataset"],
    ...["operators", "sinks", "figures", "models"],
  ],
  explorer: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream", "archive"],
    ...["recipe", "sources", "operators", "metrics", "figures"],
  ],
  queue: [
    ...["platform", "base", "http", "session.ts", "stream"],
    ...["sources", "recipe", "places", "shards"],
  ],
  command: [
    ...["queue", "shards"],
    ...["platform", "base", "session.ts", "stream", "publishers", "recipe"],
    ...["report", "http", "archive", "explorer", "shards"],
    ...["sources", "operators", "sinks", "download", "synthetic"],
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function* modules(folder: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* modules(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}

function importsOf(module: URL): Import[] {
  const text = Deno.readTextFileSync(module);
  const pattern =
    /^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;
  return [...text.matchAll(pattern)].map(([, path = "", loaded = path]) => ({
    from: inSrc(module),
    to: inSrc(new URL(loaded, module)),
  }));
}

const inSrc = ({ pathname }: URL): string =>
  pathname.slice(SRC.pathname.length);
const textOf = (path: string): string =>
  Deno.readTextFileSync(new URL(path, SRC));
const linesOf = (path: string): number => textOf(path).split("\n").length - 1;
/** The text of a module without its comments. */
const codeOf = (path: string): string =>
  textOf(path).replace(/^\s*\/\*[\s\S]*?\*\//gm, "")
    .replace(/(^|\s)\/\/.*$/gm, "");
const roomOf = (path: string): string => itemAt(path.split("/"), 0);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const isPrivate = (path: string): boolean => /(^|\/)_[^/]*$/.test(path);
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;

const MODULES = [...modules(SRC)];
const IMPORTS = MODULES.flatMap(importsOf);
const PATHS = MODULES.map(inSrc);

Deno.test("a room imports only the rooms below it", () => {
  const crossings = IMPORTS.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    return room !== other && other !== "errors.ts" &&
      !(MAY[room] ?? []).includes(other);
  });
  assertEquals(crossings.map(shown), []);
});

Deno.test("only its own folder imports a file with an underscore", () => {
  const crossings = IMPORTS.filter(({ from, to }) =>
    isPrivate(to) && folderOf(from) !== folderOf(to)
  );
  assertEquals(crossings.map(shown), []);
});

Deno.test("src has three loose files", () => {
  const loose = [...Deno.readDirSync(SRC)].filter(({ isFile }) => isFile);
  assertEquals(loose.map(({ name }) => name).sort(), [
    "errors.ts",
    "session.ts",
    "tensor.ts",
  ]);
});

Deno.test("no folder holds more than 25 files", () => {
  const counts = Map.groupBy(PATHS, folderOf);
  const full = [...counts].filter(([, paths]) => paths.length > 25);
  assertEquals(full.map(([folder, { length }]) => `${folder}: ${length}`), []);
});

Deno.test("no file is longer than 300 lines", () => {
  const long = PATHS.filter((path) => linesOf(path) > 300);
  assertEquals(long.map((path) => `${path}: ${linesOf(path)}`), []);
});

Deno.test("no room holds more than 15 % of the lines", () => {
  const sum = (paths: readonly string[]): number =>
    paths.reduce((lines, path) => lines + linesOf(path), 0);
  const total = sum(PATHS);
  const large = [...Map.groupBy(PATHS, roomOf)]
    .map(([room, paths]) => ({ room, percent: 100 * sum(paths) / total }))
    .filter(({ percent }) => percent > 15);
  assertEquals(large, []);
});

Deno.test("kernels and formats know neither RxJS nor Deno", () => {
  const crossings = MODULES
    .filter(({ pathname }) => /\/src\/(kernels|formats)\//.test(pathname))
    .map(inSrc);
  assert(crossings.length > 0, "no such modules: has a room another name?");
  assertEquals(
    crossings.filter((path) => /["']rxjs\b|\bDeno\b/.test(codeOf(path))),
    [],
  );
});

Deno.test("only the platform room touches Deno and Node", () => {
  assertEquals(
    PATHS.filter((path) =>
      roomOf(path) !== "platform" && /\bDeno\.|["']node:/.test(codeOf(path))
    ),
    [],
  );
});

Deno.test("only the page of the explorer touches elements of a page", () => {
  assertEquals(
    PATHS.filter((path) =>
      !path.startsWith("explorer/page/") && roomOf(path) !== "platform" &&
      // The text of a script is no code of this module.
      path !== "report/page_script.ts" &&
      /\bdocument\.(?!ts\b)|\bHTML\w*Element\b/.test(codeOf(path))
    ),
    [],
  );
});

for (const level of ["file", "folder"] as const) {
  Deno.test(`no ${level} imports itself by way of others`, () => {
    const name = level === "file" ? (path: string) => path : folderOf;
    const next = new Map<string, Set<string>>();
    for (const { from, to } of IMPORTS) {
      if (name(from) === name(to)) continue;
      const all = next.get(name(from)) ?? new Set();
      next.set(name(from), all.add(name(to)));
    }
    const circles: string[] = [];
    const state = new Map<string, "open" | "done">();
    const visit = (at: string, path: readonly string[]): void => {
      if (state.get(at) === "done") return;
      if (state.get(at) === "open") {
        circles.push([...path.slice(path.indexOf(at)), at].join(" -> "));
        return;
      }
      state.set(at, "open");
      for (const to of next.get(at) ?? []) visit(to, [...path, at]);
      state.set(at, "done");
    };
    for (const at of next.keys()) visit(at, []);
    assertEquals(circles, []);
  });
}
