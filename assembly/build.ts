import { compile } from "./_compile.ts";

const TARGET = new URL(
  "../src/operators/kernels/_frame_sums_module.ts",
  import.meta.url,
);

await Deno.writeTextFile(TARGET, moduleText(await compile()));

function moduleText(module: Uint8Array): string {
  const text = btoa(String.fromCharCode(...module));
  const lines = text.match(/.{1,76}/g) ?? [];
  return `/** Compiled from assembly/frame_sums.as.ts by \`deno task build\`, base64. */
export const FRAME_SUMS_MODULE: string =
  ${lines.map((line) => `"${line}"`).join(" +\n  ")};
`;
}
