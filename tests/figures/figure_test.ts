import { Figure, plotSpectrogram, stackFigures } from "rxephys/figures";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { chunksOf, elementsOf, textsOf } from "./_drawn.ts";
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

Deno.test({
  name: "Figure: CairoSVG draws the same image, and reads hostile text",
  ignore: !hasCairo,
  fn: async () => {
    const drawn = await inCairo(figure(HOSTILE));
    assertEquals([drawn.width, drawn.height], [720, 250]);
    // Most of the figure is white, the image and the bar are not.
    assert(drawn.white > 0.2 && drawn.white < 0.6, `${drawn.white} is white`);
  },
});
