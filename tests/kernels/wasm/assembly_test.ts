import { compile, KERNELS } from "../../../assembly/_compile.ts";
import { assert, assertEquals } from "../../support/assert.ts";

for (const kernel of KERNELS) {
  // Needs the AssemblyScript compiler, which Deno loads from npm.
  Deno.test(`${kernel}: the committed module equals its compiled source`, async () => {
    assertEquals(
      await committed(kernel),
      await compile(kernel),
      "assembly/ was changed: run `deno task build`",
    );
  });

  Deno.test(`${kernel}: is small and imports only a memory`, async () => {
    const code = await committed(kernel);
    assert(code.length < 2048, `${code.length} bytes`);
    const module = new WebAssembly.Module(code);
    assertEquals(WebAssembly.Module.imports(module), [
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });
}

async function committed(kernel: string): Promise<Uint8Array<ArrayBuffer>> {
  const exports: Record<string, string> = await import(
    `../../../src/kernels/wasm/${kernel}.wasm.ts`
  );
  const text = exports[`${kernel.toUpperCase()}_MODULE`] ?? "";
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
