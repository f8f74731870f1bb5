import asc from "assemblyscript/asc";

// Of a memory that may be empty V8 checks every offset: a third slower. Hence a
// page at least.
const OPTIONS = [
  ...["-O3", "--enable", "simd", "--runtime", "stub", "--use", "abort="],
  ...["--importMemory", "--memoryBase", "0", "--initialMemory", "1"],
];

/** The kernels: `x` is compiled from `x.as.ts`. */
export const KERNELS = [
  "frame_sums",
  "leave_one_out",
  "overlap_save",
  "ranges",
  "running_medians",
] as const;

/**
 * Compiles a kernel's AssemblyScript.
 *
 * @returns The WebAssembly module, the same bytes for the same source.
 * @throws {TypeError} If the compiler refuses the source, in its words.
 */
export async function compile(kernel: string): Promise<Uint8Array> {
  const entry = `${kernel}.as.ts`;
  let module = new Uint8Array();
  const said = asc.createMemoryStream();
  const { error } = await asc.main(
    [entry, "--outFile", `${kernel}.wasm`, ...OPTIONS],
    {
      stderr: said,
      readFile: (name) =>
        name === entry
          ? Deno.readTextFileSync(new URL(entry, import.meta.url))
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
