import { createHash } from "node:crypto";
import { fromFileUrl } from "@std/path";
import {
  crcnsAc1Pipeline,
  type NeuralDataset,
  type Tensor,
  toDataset,
  toSafetensors,
  wehr,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { hasInteropPython, interopPython } from "../support/interop_python.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";

interface Item {
  readonly name: string;
  readonly stimulus: number;
  readonly cell: number;
  readonly sha256: { readonly stimulus: string; readonly response: string };
  readonly shapes: {
    readonly stimulus: readonly number[];
    readonly response: readonly number[];
  };
}

const script = fromFileUrl(new URL("python_stream.py", import.meta.url));
const noise = fromFileUrl(new URL("_noise_stream.ts", import.meta.url));
const run = ["run", "-A", "--no-check"];

async function python<Result>(
  mode: string,
  ...args: readonly string[]
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(interopPython, {
    // -B: Python writes no cache beside the example.
    args: ["-B", script, mode, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

function pythonTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: `examples/python: ${name}`,
    ignore: !hasInteropPython,
    fn,
  });
}

function load(): Promise<NeuralDataset> {
  return lastValueFrom(
    wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), toDataset()),
  );
}

/** Sorts by stimulus and cell, the order of items from a file. */
function inOrder(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => a.stimulus - b.stimulus || a.cell - b.cell);
}

function assertAll(items: readonly Item[], dataset: NeuralDataset): void {
  const pairs = dataset.nrnMasks.flatMap((mask) => [...mask]).filter(Boolean)
    .length;
  assertEquals(items.length, pairs);
  const sha = ({ data }: Tensor): string =>
    createHash("sha256").update(new Uint8Array(data.slice().buffer))
      .digest("hex");
  for (const { stimulus, cell, sha256, shapes } of items) {
    const stim = itemAt(dataset.stims, stimulus);
    const response = itemAt(itemAt(dataset.responses, stimulus), cell);
    assertEquals(shapes, { stimulus: stim.shape, response: response.shape });
    assertEquals(sha256, { stimulus: sha(stim), response: sha(response) });
  }
}

pythonTest("the NDJSON of a running deno", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x.safetensors`;
    await lastValueFrom(
      wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), toSafetensors(path)),
    );
    const items = await python<Item[]>("dataset", Deno.execPath(), AC1_TINY);
    assertEquals(inOrder(items), await python<Item[]>("safetensors", path));
    assertEquals(items.length, 13);
  }));

pythonTest(
  "a file of safetensors, whole and shared by two workers",
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/x.safetensors`;
      const dataset = await load();
      await lastValueFrom(dataset.sessions().pipe(toSafetensors(path)));
      const items = await python<Item[]>("safetensors", path);
      assertAll(items, dataset);
      const { shares, error } = await python<{
        shares: [string[], string[]];
        error: string;
      }>("workers", path);
      assertEquals(shares.flat().sort(), items.map(({ name }) => name).sort());
      assert(Math.abs(shares[0].length - shares[1].length) <= 1);
      assertStringIncludes(error, "num_workers is 2, expected 0 or 1");
    }),
);

pythonTest(
  "a slow trainer holds the source back, memory stays flat",
  async () => {
    // 50 presentations of 2 MB exceed the bound of either process.
    const { items, ahead, producer, growth } = await python<
      Record<"items" | "ahead" | "producer" | "growth", number>
    >("slow", Deno.execPath(), ...run, noise, "50");
    assertEquals(items, 50);
    // One in the pipe, one being written.
    assert(ahead <= 2, `${ahead} presentations ahead`);
    assert(producer < 200e6, `${producer} bytes`);
    // It keeps 50 stimuli of 2 MB and no responses.
    assert(growth < 130e6, `${growth} bytes more`);
  },
);

pythonTest("a trainer that leaves ends the process", async () => {
  const { code } = await python<{ code: number | null }>(
    "left",
    ...[Deno.execPath(), ...run, noise, "1000"],
  );
  assert(code !== null && code !== 0);
});

pythonTest("a process that fails is an error, as is a torn line", async () => {
  const failing = await python(
    "failing",
    Deno.execPath(),
    "eval",
    "Deno.exit(3)",
  );
  assertEquals(failing, "CalledProcessError");
  const torn = 'console.log(\'{"type":"resp\')';
  assertEquals(
    await python("failing", Deno.execPath(), "eval", torn),
    "JSONDecodeError",
  );
});
