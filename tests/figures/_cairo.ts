import type { Figure } from "rxephys/figures";
import { interopPython } from "../support/interop_python.ts";
import { succeeds } from "../support/succeeds.ts";

/** Whether the Python of INTEROP_PYTHON has CairoSVG, and a libcairo. */
export const hasCairo: boolean = interopPython !== "" &&
  await succeeds(interopPython, ["-c", "import cairosvg"]);

if (!hasCairo) {
  console.log("No CairoSVG in INTEROP_PYTHON: figures are not drawn by it.");
}

const SCRIPT = "import sys, cairosvg; sys.stdout.buffer.write(" +
  "cairosvg.svg2png(bytestring=sys.stdin.buffer.read()))";

/** Draws a figure with CairoSVG; returns a PNG. */
export async function inCairo(figure: Figure): Promise<Uint8Array> {
  const child = new Deno.Command(interopPython, {
    args: ["-c", SCRIPT],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(figure.toSvg()));
  await input.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return stdout;
}
