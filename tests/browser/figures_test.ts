import { assert, assertEquals } from "../support/assert.ts";
import { chunksOf, elementsOf, imagesOf, textsOf } from "../figures/_drawn.ts";
import {
  bundled,
  chromiumPath,
  openPage,
} from "../support/browser/chromium.ts";
import { sampleFigure } from "./_sample_figure.ts";
import { Figure } from "rxephys/figures";

const executablePath = chromiumPath();

/** A figure of the text of one. */
function figureOf(svg: string): Figure {
  const { width, height, title } = sampleFigure();
  return new Figure({ markup: svg, width, height, title });
}

/** Paths in the axes; ticks lie half a pixel further in a page. */
function linesOf(figure: Figure): readonly (string | null)[] {
  return elementsOf(figure, "path:not([transform])")
    .map((path) => path.getAttribute("d"));
}

Deno.test({
  name:
    "figures: Chromium makes the same SVG by the page's document, and a PNG",
  ignore: executablePath === undefined,
  fn: async () => {
    const script = await bundled("tests/browser/_figures_page.ts");
    await using open = await openPage(executablePath ?? "", script, {});
    const svg = await open.page.evaluate("svg()") as string;
    const here = sampleFigure();
    const there = figureOf(svg);
    assertEquals(textsOf(there), textsOf(here));
    assertEquals(linesOf(there), linesOf(here));
    const pixels = (figure: Figure): readonly Uint8Array[] =>
      imagesOf(figure).map(({ numbers }) => numbers);
    assertEquals(pixels(there), pixels(here));

    const png = Uint8Array.fromBase64(
      await open.page.evaluate("png()") as string,
    );
    const header = chunksOf(png).get("IHDR") ?? new Uint8Array(8);
    const view = new DataView(header.buffer, header.byteOffset);
    assertEquals([view.getUint32(0), view.getUint32(4)], [
      here.width,
      here.height,
    ]);
    // A white page of that size is 3 KB.
    assert(png.length > 20_000, `${png.length} bytes`);
  },
});
