import type { Figure } from "rxephys/figures";
import { interopPython } from "../support/interop_python.ts";
import { succeeds } from "../support/succeeds.ts";

/** Whether the Python of INTEROP_PYTHON has CairoSVG, and a libcairo. */
export const hasCairo: boolean = interopPython !== "" &&
  await succeeds(interopPython, ["-c", "import cairosvg"]);

if (!hasCairo) {
  console.log("No CairoSVG in INTEROP_PYTHON: figures are not drawn by it.");
}

/** A figure as CairoSVG draws it. */
export interface CairoPicture {
  readonly width: number;
  readonly height: number;
  /** Share of the pixels that are white. */
  readonly white: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly pixels: readonly (readonly [number, number, number])[];
}

const SCRIPT = `
import io, json, sys, cairosvg
from PIL import Image
png = cairosvg.svg2png(bytestring=sys.stdin.buffer.read())
image = Image.open(io.BytesIO(png)).convert("RGB")
print(json.dumps([image.width, image.height, list(image.getdata())]))
`;

/** Draws a figure with CairoSVG. */
export async function inCairo(figure: Figure): Promise<CairoPicture> {
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
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  const [width, height, pixels] = JSON.parse(decoder.decode(stdout));
  const white = pixels.filter((pixel: number[]) =>
    pixel.every((value) => value === 255)
  );
  return { width, height, pixels, white: white.length / pixels.length };
}
