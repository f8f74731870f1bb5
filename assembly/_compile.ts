import asc from "assemblyscript/asc";

const ENTRY = "frame_sums.as.ts";
// Of a memory that may be empty V8 checks every offset: a third slower. Hence a
// page at least.
const OPTIONS = [
  ...["-O3", "--enable", "simd", "--runtime", "stub", "--use", "abort="],
  ...["--importMemory", "--memoryBase", "0", "--initialMemory", "1"],
];

/**
 * Compiles the kernels' AssemblyScript.
 *
 * @returns The WebAssembly module, the same bytes for the same source.
 * @throws {TypeError} If the compiler refuses the source, in its words.
 */
export async function compile(): Promise<Uint8Array> {
  let module = new Uint8Array();
  const said = asc.createMemoryStream();
  const { error } = await asc.main(
    [ENTRY, "--outFile", "frame_sums.wasm", ...OPTIONS],
    {
      stderr: said,
      readFile: (name) =>
        name === ENTRY
          ? Deno.readTextFileSync(new URL(ENTRY, import.meta.url))
          : null,
      writeFile: (_name, contents) => {
        module = Uint8Array.from(contents as Uint8Array);
      },
      listFiles: () => null,
    },
  );
  if (error) throw new TypeError(`${error.message}\n${said}`);
  return module;
}
