import { fromFileUrl } from "@std/path";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { succeeds } from "../support/succeeds.ts";

/** Part of a notebook (nbformat 4.5). */
interface Notebook {
  readonly cells: readonly {
    readonly cell_type: "code" | "markdown";
    readonly source: readonly string[];
    readonly outputs?: readonly Output[];
    readonly execution_count?: number | null;
  }[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

/** Output of a cell. */
interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

const FOLDER = fromFileUrl(
  new URL("../../examples/notebooks/", import.meta.url),
);
const NAMES = ["crcns_ac1", "own_data", "wingert2026"];
/** Figures that each notebook shows at least. */
const FIGURES = { crcns_ac1: 12, own_data: 4, wingert2026: 7 };

const jupyter = Deno.env.get("JUPYTER") ?? "jupyter";
const hasJupyter = await succeeds(jupyter, ["nbconvert", "--version"]);

async function read(name: string): Promise<Notebook> {
  return JSON.parse(await Deno.readTextFile(`${FOLDER}${name}.ipynb`));
}

/** Executes a notebook on synthetic data, as a user without data does. */
async function execute(
  path: string,
  folder: string,
): Promise<{ code: number; err: string }> {
  // `deno jupyter --install` ignores JUPYTER_DATA_DIR.
  const kernel = `${folder}/kernels/deno`;
  await Deno.mkdir(kernel, { recursive: true });
  const deno = [Deno.execPath(), "jupyter", "--kernel", "--conn"];
  const spec = {
    argv: [...deno, "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  };
  await Deno.writeTextFile(`${kernel}/kernel.json`, JSON.stringify(spec));
  const { code, stderr } = await new Deno.Command(jupyter, {
    args: [
      ...["nbconvert", "--to", "notebook", "--execute"],
      ...["--ExecutePreprocessor.timeout=300", "--output-dir", folder, path],
    ],
    cwd: FOLDER,
    env: {
      NO_COLOR: "1",
      JUPYTER_DATA_DIR: folder,
      RXEPHYS_DATA_DIR: `${folder}/data`,
      CRCNS_AC1_DATA: "",
      WINGERT2026_DATA: "",
    },
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

Deno.test("notebooks: the folder holds these", async () => {
  const names = await Array.fromAsync(Deno.readDir(FOLDER), ({ name }) => name);
  assertEquals(names.sort(), NAMES.map((name) => `${name}.ipynb`));
});

for (const name of NAMES) {
  Deno.test(`notebooks: ${name} is committed with all its outputs, small`, async () => {
    const text = await Deno.readTextFile(`${FOLDER}${name}.ipynb`);
    assert(text.length < 1e6, `${text.length} characters`);
    assert(!/"[^"]*\/(tmp|root|home)\//.test(text), "it holds a path");
    const { cells, metadata } = await read(name);
    assertEquals(metadata.kernelspec.name, "deno");
    let figures = 0;
    for (const { cell_type, source, outputs = [], ...rest } of cells) {
      if (cell_type !== "code") continue;
      const code = source.join("");
      assert(outputs.length > 0 && rest.execution_count, code);
      for (const { output_type, data = {} } of outputs) {
        assert(output_type !== "error", code);
        if ("image/svg+xml" in data) figures++;
      }
    }
    const least = FIGURES[name as keyof typeof FIGURES];
    assert(figures >= least, `${figures} figures, expected ${least}`);
  });

  Deno.test({
    name: `notebooks: ${name} runs from top to bottom`,
    ignore: !hasJupyter,
    fn: () =>
      inFolder(async (folder) => {
        const { code, err } = await execute(`${FOLDER}${name}.ipynb`, folder);
        assertEquals(code, 0, err);
      }),
  });
}

Deno.test({
  name: "notebooks: a cell that fails is a failure",
  ignore: !hasJupyter,
  fn: () =>
    inFolder(async (folder) => {
      const { cells: [first], ...notebook } = await read("own_data");
      const cell = {
        ...first,
        ...{ cell_type: "code", outputs: [], execution_count: null },
        source: ['throw new RangeError("as it should");'],
      };
      const path = `${folder}/failing.ipynb`;
      await Deno.writeTextFile(
        path,
        JSON.stringify({ ...notebook, cells: [cell] }),
      );
      const { code, err } = await execute(path, folder);
      assertEquals(code, 1);
      assertStringIncludes(err, "as it should");
    }),
});
