import { compile } from "../../../assembly/_compile.ts";
import { FRAME_SUMS_MODULE } from "../../../src/operators/kernels/_frame_sums_module.ts";
import { assert, assertEquals } from "../../_assert.ts";

const committed = Uint8Array.from(
  atob(FRAME_SUMS_MODULE),
  (letter) => letter.charCodeAt(0),
);

// Needs the compiler, which Deno has from npm as any other package.
Deno.test("the committed module is what its source compiles to", async () => {
  assertEquals(
    committed,
    await compile(),
    "assembly/ was changed: run `deno task build`",
  );
});

Deno.test("the module is small and asks for nothing but a memory", () => {
  assert(committed.length < 2048, `${committed.length} bytes`);
  const module = new WebAssembly.Module(committed);
  assertEquals(WebAssembly.Module.imports(module), [
    { module: "env", name: "memory", kind: "memory" },
  ]);
});
