/**
 * Draws the README's picture: a stimulus, one cell's responses to it and the
 * field that a linear fit finds, all from a synthetic release.
 *
 * Run: `deno run -A docs/picture.ts`, which writes `docs/picture.svg`.
 */
import {
  crcnsAc1Pipeline,
  randomSplit,
  type Tensor,
  toDataset,
  wehr,
} from "rxephys";
import { fitStrf } from "rxephys/models";
import { writeSyntheticAc1 } from "rxephys/synthetic";
import { crc32, deflateSync } from "node:zlib";
import { lastValueFrom } from "rxjs";

const DT_MS = 5;
const BANDS_PER_OCTAVE = 6;
const MOST_BINS = 200;
const TEXT = `font-family="sans-serif" font-size="13" fill="#777"`;

const folder = await Deno.makeTempDir();
const truth = await writeSyntheticAc1(folder, { seed: 1, scale: "small" });
const dataset = await lastValueFrom(
  wehr(folder).pipe(crcnsAc1Pipeline({ dtMs: DT_MS }), toDataset()),
);
await Deno.remove(folder, { recursive: true });

const cell = 1;
const { session = "" } = dataset.nrnMeta[cell] ?? {};
const peak = truth.wehr.cells[session]?.strfPeak;
if (peak === undefined) {
  throw new RangeError(`Cannot draw: ${session} has no known field`);
}
const split = randomSplit(dataset, cell, { seed: 1 });
const { cells: [fitted] } = fitStrf(dataset, { split, cells: [cell] });
const [bands = 0, lags = 0] = fitted?.weights.shape ?? [];
const weights = fitted?.weights.data ?? new Float32Array();
const field = { bands, lags, weights };

dataset.selectNeurons(cell);
const { stims, responses } = dataset.at(0);
const [response] = responses;
if (response === undefined) throw new RangeError("Cannot draw: no response");
const bins = Math.min(MOST_BINS, response.shape[1] ?? 0);

const stim = { x: 70, y: 40, width: 520, height: 150 };
const traces = { x: 70, y: 240, width: 520, height: 150 };
const strf = { x: 700, y: 40, width: 220, height: 350 };
const svg = [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 440" ${TEXT}>`,
  image(stim, spectrogramPixels(stims), bins, dataset.F),
  title(stim, "Stimulus: a spectrogram (F bands, T bins)"),
  bandAxis(stim),
  ...tracesOf(response),
  title(traces, "Response: one cell, every repeat in mV (R, T)"),
  timeAxis(traces, bins, 250),
  image(strf, fieldPixels(), field.lags, field.bands),
  title(strf, "Fit: the sound that drives it"),
  ring(strf, peak),
  bandAxis(strf),
  timeAxis(strf, field.lags, 50, "ms before the response"),
  "</svg>",
];
await Deno.writeTextFile(
  new URL("picture.svg", import.meta.url),
  svg.join("\n") + "\n",
);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Colour = readonly [red: number, green: number, blue: number];

/** Colours by row, highest band first. */
function spectrogramPixels({ data, shape }: Tensor): Colour[][] {
  const [, bands = 0, stride = 0] = shape;
  const shown = Array.from(
    { length: bands },
    (_, f) => Array.from(data.subarray(f * stride, f * stride + bins)),
  );
  const levels = shown.flat();
  const low = levels.reduce((a, b) => Math.min(a, b));
  const high = levels.reduce((a, b) => Math.max(a, b));
  return shown.reverse().map((row) =>
    row.map((level) => blend((level - low) / (high - low)))
  );
}

/** Red above zero, blue below. */
function fieldPixels(): Colour[][] {
  const { weights, bands, lags } = field;
  const most = weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  return Array.from(
    { length: bands },
    (_, f) =>
      Array.from(weights.subarray(f * lags, (f + 1) * lags), (weight) => {
        const pale = 255 * (1 - Math.abs(weight) / most);
        return weight > 0 ? [255, pale, pale] : [pale, pale, 255] as Colour;
      }),
  ).reverse() as Colour[][];
}

/** White to dark blue. */
function blend(share: number): Colour {
  return [255 - 235 * share, 255 - 205 * share, 255 - 145 * share];
}

function tracesOf({ data, shape }: Tensor): string[] {
  const [repeats = 0, stride = 0] = shape;
  const rows = Array.from(
    { length: repeats },
    (_, r) => data.subarray(r * stride, r * stride + bins),
  );
  const mean = Float32Array.from(
    { length: bins },
    (_, t) => rows.reduce((sum, row) => sum + (row[t] ?? NaN), 0) / repeats,
  );
  const values = rows.flatMap((row) => [...row]);
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const { x, y, width, height } = traces;
  const line = (row: Float32Array, style: string): string => {
    const points = Array.from(row, (value, t) => {
      const right = x + (t + 0.5) / bins * width;
      const down = y + height * (1 - (value - low) / (high - low));
      return `${right.toFixed(1)},${down.toFixed(1)}`;
    });
    return `<polyline fill="none" ${style} points="${points.join(" ")}"/>`;
  };
  return [
    ...rows.map((row) => line(row, `stroke="#9bb" stroke-width="0.7"`)),
    line(mean, `stroke="#c22" stroke-width="2"`),
    label(x - 6, y + 10, `${high.toFixed(0)} mV`, "end"),
    label(x - 6, y + height, low.toFixed(0), "end"),
  ];
}

function title({ x, y }: Box, text: string): string {
  return `<text x="${x}" y="${y - 12}" font-size="15">${text}</text>`;
}

function label(
  x: number,
  y: number,
  text: string,
  anchor: "end" | "middle",
): string {
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}"`;
  return `<text ${place} text-anchor="${anchor}">${text}</text>`;
}

/** Every other octave. */
function bandAxis({ x, y, height }: Box): string {
  const step = 2 * BANDS_PER_OCTAVE;
  return Array.from({ length: Math.ceil(dataset.F / step) }, (_, i) => {
    const khz = 0.1 * 2 ** (2 * i);
    const middle = y + height * (1 - (i * step + 0.5) / dataset.F) + 5;
    return label(x - 6, middle, `${khz.toFixed(1)}${i ? "" : " kHz"}`, "end");
  }).join("");
}

function timeAxis(
  { x, y, width, height }: Box,
  count: number,
  stepMs: number,
  unit = "ms",
): string {
  const step = stepMs / DT_MS;
  const marks = Array.from(
    { length: Math.floor(count / step) + 1 },
    (_, i) =>
      label(
        x + width * i * step / count,
        y + height + 18,
        String(i * stepMs),
        "middle",
      ),
  );
  const below = label(x + width / 2, y + height + 36, unit, "middle");
  return marks.join("") + below;
}

function ring({ x, y, width, height }: Box, at: readonly number[]): string {
  const [band = 0, lag = 0] = at;
  const right = x + (lag + 0.5) / field.lags * width;
  const down = y + height * (1 - (band + 0.5) / field.bands);
  return `<circle cx="${right}" cy="${down}" r="12" fill="none" ` +
    `stroke="#333" stroke-width="1.5"/>` +
    label(right, down - 18, "true peak", "middle");
}

/** An image stretched over a box without smoothing, as a PNG in the SVG. */
function image(
  { x, y, width, height }: Box,
  pixels: readonly (readonly Colour[])[],
  columns: number,
  rows: number,
): string {
  const href = `data:image/png;base64,${png(pixels, columns, rows).toBase64()}`;
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" ` +
    `preserveAspectRatio="none" style="image-rendering:pixelated" ` +
    `href="${href}"/>`;
}

/** A PNG of 8 bits a colour (W3C PNG, section 11). */
function png(
  pixels: readonly (readonly Colour[])[],
  columns: number,
  rows: number,
): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, columns);
  header.setUint32(4, rows);
  header.setUint16(8, 0x0802);
  const lines = pixels.flatMap((row) => [0, ...row.flat()]);
  return Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", new Uint8Array(header.buffer)),
    ...chunk("IDAT", deflateSync(Uint8Array.from(lines))),
    ...chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new DataView(new ArrayBuffer(data.length + 12));
  const bytes = new Uint8Array(out.buffer);
  out.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  out.setUint32(
    data.length + 8,
    crc32(bytes.subarray(4, data.length + 8)) >>> 0,
  );
  return bytes;
}
