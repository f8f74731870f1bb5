import { assertEquals } from "./_assert.ts";

const SRC = new URL("../src/", import.meta.url);
const LAYERS = ["sources", "operators", "sinks"];

function* modules(folder: URL): Generator<URL> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* modules(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}

function importsOf(module: URL): string[] {
  const text = Deno.readTextFileSync(module);
  const pattern = /^(?:import|export)\b[^;]*?\bfrom "([^"]+)"/gm;
  return [...text.matchAll(pattern)].map((match) => match[1]);
}

function layerOf(module: URL): string {
  return module.pathname.slice(SRC.pathname.length).split("/")[0];
}

Deno.test("sources, operators and sinks never import one another", () => {
  const crossings = [...modules(SRC)].flatMap((module) =>
    importsOf(module)
      .filter((path) => path.startsWith("."))
      .map((path) => layerOf(new URL(path, module)))
      .filter((layer) => LAYERS.includes(layer) && layer !== layerOf(module))
      .map((layer) =>
        `${module.pathname.slice(SRC.pathname.length)} -> ${layer}`
      )
  );
  assertEquals(crossings, []);
});

Deno.test("kernels and formats know neither RxJS nor input and output", () => {
  const isPure = ({ pathname }: URL): boolean =>
    /\/(operators\/kernels|sources\/formats)\//.test(pathname);
  const impure = [...modules(SRC)].filter(isPure).filter((module) =>
    importsOf(module).includes("rxjs") ||
    /\bDeno\./.test(Deno.readTextFileSync(module))
  );
  assertEquals(impure.map(({ pathname }) => pathname), []);
});
