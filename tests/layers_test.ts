import { assertEquals } from "./support/assert.ts";

const SRC = new URL("../src/", import.meta.url);

/** What each room may import, beside itself and `errors.ts`. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  base: ["platform"],
  "tensor.ts": [],
  "session.ts": ["base", "tensor.ts"],
  formats: ["platform", "base"],
  http: ["base"],
  archive: ["platform", "base", "http"],
  publishers: ["platform", "base", "http"],
  metrics: ["base", "tensor.ts"],
  stream: ["base", "session.ts", "tensor.ts"],
  kernels: ["base", "session.ts"],
  dataset: ["base", "session.ts", "tensor.ts", "stream", "metrics"],
  operators: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream", "kernels"],
  ],
  sources: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream"],
    ...["formats", "http", "archive", "publishers"],
  ],
  sinks: [
    ...["platform", "base", "session.ts", "tensor.ts", "stream"],
    ...["dataset", "archive"],
  ],
  download: ["platform", "base", "http", "publishers"],
  synthetic: ["platform", "base", "session.ts", "archive"],
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
  const pattern = /^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"/gm;
  return [...text.matchAll(pattern)].map(([, path]) => ({
    from: inSrc(module),
    to: inSrc(new URL(path, module)),
  }));
}

const inSrc = ({ pathname }: URL): string =>
  pathname.slice(SRC.pathname.length);
const roomOf = (path: string): string => path.split("/")[0];
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const isPrivate = (path: string): boolean => /(^|\/)_[^/]*$/.test(path);
const shown = ({ from, to }: Import): string => `${from} -> ${to}`;

const IMPORTS = [...modules(SRC)].flatMap(importsOf);

Deno.test("a room imports only what stands below it", () => {
  const crossings = IMPORTS.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    return room !== other && other !== "errors.ts" &&
      !(MAY[room] ?? []).includes(other);
  });
  assertEquals(crossings.map(shown), []);
});

Deno.test("a file with an underscore is its folder's own", () => {
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
