import { DOCUMENT } from "./document.ts";

/** A picture to render. */
export interface Picture {
  /** Text of an `<svg>` element. */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** How a picture is rendered. */
export interface Rasterization {
  /** Pixels of the PNG per pixel of the picture. */
  readonly scale: number;
  /** TrueType fonts for its text, where the system's are out of reach. */
  readonly fonts: () => Promise<readonly Uint8Array[]>;
}

/** Element of a page, as far as a canvas needs it. */
interface Canvas {
  width: number;
  height: number;
  getContext(kind: "2d"): {
    drawImage(image: object, ...box: [number, number, number, number]): void;
  };
  toBlob(made: (blob: Blob | null) => void, type: string): void;
}

interface Image {
  src: string;
  decode(): Promise<void>;
}

/** Renders an SVG as a PNG: resvg, or the canvas of a page. */
export const rasterized: (
  picture: Picture,
  how: Rasterization,
) => Promise<Uint8Array<ArrayBuffer>> = "Image" in globalThis
  ? onCanvas
  : byResvg;

async function onCanvas(
  { svg, width, height }: Picture,
  { scale }: Rasterization,
): Promise<Uint8Array<ArrayBuffer>> {
  const { Image } = globalThis as unknown as { Image: new () => Image };
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const html = "http://www.w3.org/1999/xhtml";
  const canvas = DOCUMENT.createElementNS(html, "canvas") as unknown as Canvas;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const box = [0, 0, canvas.width, canvas.height] as const;
  canvas.getContext("2d").drawImage(image, ...box);
  const blob = await new Promise<Blob | null>((made) =>
    canvas.toBlob(made, "image/png")
  );
  if (blob === null) {
    throw new RangeError(
      `Cannot render a figure: ${canvas.width} x ${canvas.height} pixels ` +
        "are more than a canvas holds, expected a smaller scale",
    );
  }
  return new Uint8Array(await blob.arrayBuffer());
}

/** Compiles the module once. */
let resvg: Promise<typeof import("@resvg/resvg-wasm")> | undefined;

async function byResvg(
  { svg }: Picture,
  { scale, fonts }: Rasterization,
): Promise<Uint8Array<ArrayBuffer>> {
  const { Resvg } = await (resvg ??= loadResvg());
  // resvg 0.34 knows the words of SVG 1.1 alone.
  const text = svg.replaceAll(
    'image-rendering="pixelated"',
    'image-rendering="optimizeSpeed"',
  );
  const drawn = new Resvg(text, {
    fitTo: { mode: "zoom", value: scale },
    font: { fontBuffers: [...await fonts()], defaultFontFamily: "Roboto" },
  });
  const image = drawn.render();
  try {
    return new Uint8Array(image.asPng());
  } finally {
    image.free();
    drawn.free();
  }
}

async function loadResvg(): Promise<typeof import("@resvg/resvg-wasm")> {
  const module = await import("@resvg/resvg-wasm");
  const { createRequire } = process.getBuiltinModule("node:module");
  // Packages that a program imports are found from any path.
  const path = createRequire("file:///figures/png.js")
    .resolve("@resvg/resvg-wasm/index_bg.wasm");
  await module.initWasm(await Deno.readFile(path));
  return module;
}
