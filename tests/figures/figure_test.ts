import { Figure, plotSpectrogram, stackFigures } from "rxephys/figures";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import {
  chunksOf,
  elementsOf,
  imagesOf,
  textsOf,
  trueColours,
} from "./_drawn.ts";
import { hasCairo, inCairo } from "./_cairo.ts";

const HOSTILE =
  `</svg><img src=x onerror="alert(1)">&amp; '\x00\x0b\ud800\ufffe`;

function figure(title: string = "Two\nbands"): Figure {
  const data = Float32Array.of(0, 1, 2, 3, 4, 5);
  return plotSpectrogram({ data, shape: [1, 2, 3], dtMs: 5 }, { title });
}

Deno.test("Figure: a file of SVG, complete in itself", () => {
  const text = figure().toSvg();
  assert(text.startsWith(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="250" ' +
      'viewBox="0 0 720 250" ',
  ));
  assertEquals(
    /<style|<script|class=|currentColor|\burl\(|\bid=/.exec(text),
    null,
  );
  const links = [...text.matchAll(/href="([^"]{0,22})/g)].map(([, to]) => to);
  assertEquals(links, [
    "data:image/png;base64,",
    "data:image/png;base64,",
  ]);
});

Deno.test("Figure: its title names it, on one line", () => {
  assertEquals(figure().title, "Two\nbands");
  assertEquals(textsOf(figure()).at(0), "Two bands");
  const [svg] = elementsOf(figure(), "svg");
  assertEquals(svg?.getAttribute("aria-label"), "Two bands");
  assertEquals(String(figure()), "Figure 720 x 250: Two bands");
  assertEquals(Deno.inspect(figure()), String(figure()));
});

Deno.test("Figure: a figure without a title has no line for it", () => {
  assertEquals(figure("").height, 220);
  assertEquals(String(figure("")), "Figure 720 x 220");
  assert(!figure("").svg.includes('aria-label=""'));
});

Deno.test("Figure: text is never markup", () => {
  const { svg } = figure(HOSTILE);
  assert(!svg.includes("<img"));
  assertEquals(svg.match(/<\/svg>/g)?.length, 1);
  assertEquals(
    textsOf(figure(HOSTILE)).at(0),
    `</svg><img src=x onerror="alert(1)">&amp; '\ufffd \ufffd\ufffd`,
  );
});

Deno.test("Figure: Jupyter shows its SVG", () => {
  const shown = figure()[Symbol.for("Jupyter.display") as never] as () =>
    object;
  assertEquals(shown.call(figure()), {
    "image/svg+xml": figure().svg,
    "text/plain": "Figure 720 x 250: Two bands",
  });
});

Deno.test("Figure: toPng has twice the pixels, text among them", async () => {
  const header = async (from: Figure, scale?: number): Promise<number[]> => {
    const png = await from.toPng(scale === undefined ? {} : { scale });
    const bytes = chunksOf(png).get("IHDR") ?? new Uint8Array(8);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return [view.getUint32(0), view.getUint32(4), png.length];
  };
  const [width, height, length = 0] = await header(figure());
  assertEquals([width, height], [1440, 500]);
  assertEquals((await header(figure(), 0.5)).slice(0, 2), [360, 125]);
  // The same letters in white are no pixels.
  const blank = figure().markup.replaceAll("<text", '<text opacity="0"');
  const unlabelled = new Figure({ ...figure(), markup: blank });
  const [, , without = 0] = await header(unlabelled);
  assert(length > without + 1000, `${length} bytes, ${without} without text`);
});

Deno.test("Figure: toPng draws Greek and accented letters", async () => {
  const plain = await figure("").toPng();
  const lengths = await Promise.all(
    ["\u00e9", "\u03bc", "\u2212"].map(async (letter) =>
      (await figure(letter).toPng()).length
    ),
  );
  assert(lengths.every((length) => length > plain.length + 20));
});

Deno.test("Figure: toPng refuses an option that is none", async () => {
  await assertRejects(
    () => figure().toPng({ scale: 0 }),
    RangeError,
    "Cannot render a figure: scale is 0, expected 0.1 to 20",
  );
  await assertRejects(
    () => figure().toPng({ dpi: 300 } as object),
    RangeError,
    "Cannot render a figure: there is no option dpi, expected scale, fonts",
  );
});

Deno.test("stackFigures: rows and columns, with a gap between", () => {
  const three = [figure(""), figure("B"), figure("")];
  const stacked = stackFigures(three, { columns: 2, gapPx: 10, title: "All" });
  assertEquals([stacked.width, stacked.height], [1450, 30 + 250 + 10 + 220]);
  const places = elementsOf(stacked, "svg > g").map((group) =>
    group.getAttribute("transform")
  );
  assertEquals(places, [
    "translate(0,30)",
    "translate(730,30)",
    "translate(0,290)",
  ]);
  assertEquals(textsOf(stacked).filter((text) => /^(All|B)$/.test(text)), [
    "All",
    "B",
  ]);
});

Deno.test("stackFigures: refuses no figure and bad options", () => {
  const refused = (call: () => unknown, message: string): void =>
    void assertThrows(call, RangeError, message);
  refused(
    () => stackFigures([]),
    "Cannot stack figures: figures.length is 0, expected 1 to 9007199254740991",
  );
  refused(
    () => stackFigures([figure()], { columns: 0 }),
    "Cannot stack figures: columns is 0, expected 1 to 9007199254740991",
  );
  refused(
    () => stackFigures([figure()], { gapPx: -1 }),
    "Cannot stack figures: gapPx is -1, expected 0 to 1000",
  );
  refused(
    () => stackFigures([figure()], { gap: 1 } as object),
    "Cannot stack figures: there is no option gap, expected gapPx",
  );
});

/**
 * Compares the middle of each bin with the image inside the SVG, the corners
 * with white, and asks for dark pixels among the labels.
 */
function assertDrawn(png: Uint8Array): void {
  const { width, height, at } = trueColours(png);
  assertEquals([width, height], [720, 250]);
  const image = itemAt(imagesOf(figure()), 0);
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 3; column++) {
      const x = image.x + image.width * (column + 0.5) / 3;
      // The title's line is above the panel.
      const y = 30 + image.y + image.height * (row + 0.5) / 2;
      const colour = image.colour(
        Math.floor((row + 0.5) * image.rows / 2),
        Math.floor((column + 0.5) * image.columns / 3),
      );
      assertEquals(Uint8Array.from(at(x, y)).toHex(), colour);
    }
  }
  assertEquals([at(1, 1), at(718, 40)], [[255, 255, 255], [255, 255, 255]]);
  const isDark = (x: number, y: number): boolean => itemAt(at(x, y), 0) < 128;
  const labels = Array.from(
    { length: 56 * 40 },
    (_, i) => isDark(i % 56, 30 + Math.floor(i / 56)),
  );
  assert(labels.filter(Boolean).length > 50);
}

Deno.test("Figure: toPng draws the bins in their colours", async () => {
  assertDrawn(await figure(HOSTILE).toPng({ scale: 1 }));
});

Deno.test({
  name: "Figure: CairoSVG draws the bins in their colours",
  ignore: !hasCairo,
  fn: async () => assertDrawn(await inCairo(figure(HOSTILE))),
});
