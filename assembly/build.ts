import { compile, KERNELS } from "./_compile.ts";

for (const kernel of KERNELS) {
  await Deno.writeTextFile(
    new URL(
      `../src/kernels/wasm/${kernel}.wasm.ts`,
      import.meta.url,
    ),
    moduleText(kernel, await compile(kernel)),
  );
}

function moduleText(kernel: string, module: Uint8Array): string {
  const text = btoa(String.fromCharCode(...module));
  const lines = text.match(/.{1,76}/g) ?? [];
  return `/** Compiled from assembly/${kernel}.as.ts by \`deno task build\`, base64. */
export const ${kernel.toUpperCase()}_MODULE: string =
  ${lines.map((line) => `"${line}"`).join(" +\n  ")};
`;
}
