import { compile, KERNELS } from "../../../assembly/_compile.ts";
import { assert, assertEquals } from "../../support/assert.ts";

for (const kernel of KERNELS) {
  // Needs the compiler, which Deno has from npm as any other package.
  Deno.test(`${kernel}: the committed module is what its source compiles to`, async () => {
    assertEquals(
      await committed(kernel),
      await compile(kernel),
      "assembly/ was changed: run `deno task build`",
    );
  });

  Deno.test(`${kernel}: small, and asks for nothing but a memory`, async () => {
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
