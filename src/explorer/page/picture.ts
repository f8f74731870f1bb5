import {
  type Axes,
  drawFrame,
  drawLine,
  drawTime,
  drawTitle,
  type Ink,
} from "./axes.ts";
import type { View } from "../protocol.ts";
import { heatImage } from "./heat.ts";
import { rangeOf } from "./ticks.ts";

/** Levels below the loudest that the spectrogram shows, in dB. */
const MOST_DB = 70;

const [LEFT, RIGHT, TITLE, BELOW] = [52, 10, 17, 18];

/** Draws a response into a canvas, in the page's colours. */
export function drawView(canvas: HTMLCanvasElement, view: View): void {
  const ratio = globalThis.devicePixelRatio;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.round(clientWidth * ratio);
  canvas.height = Math.round(clientHeight * ratio);
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.scale(ratio, ratio);
  context.font = "11px system-ui, sans-serif";
  const draws = [drawSpectrogram, drawRepeats, drawPsth];
  if (view.trace) draws.push(drawRecorded, drawDetrended);
  const share = (clientHeight - BELOW) / draws.length;
  const timeS = [0, secondsOf(view)] as const;
  const ink = inkOf(canvas);
  for (const [i, draw] of draws.entries()) {
    const axes: Axes = {
      ...{ context, ink, timeS, left: LEFT, values: [0, 1] },
      top: i * share + TITLE,
      width: clientWidth - LEFT - RIGHT,
      height: share - TITLE - 3,
    };
    draw(axes, view);
    if (i === draws.length - 1) drawTime(axes);
  }
}

function inkOf(canvas: HTMLCanvasElement): Ink {
  // A canvas does not know light-dark(): the colour of an element does.
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => {
    canvas.style.color = `var(--${name})`;
    return style.color;
  };
  return {
    ink: colour("ink"),
    soft: colour("soft"),
    line: colour("line"),
    accent: colour("link"),
    bad: colour("bad"),
  };
}

function secondsOf({ stimulus, dtMs, trace }: View): number {
  const bins = stimulus.shape.at(-1) ?? 0;
  const traceS = trace ? trace.raw.length / trace.rateHz : 0;
  return Math.max(bins * (stimulus.dtMs ?? dtMs) / 1000, traceS, 1e-3);
}

function drawSpectrogram(axes: Axes, { stimulus, dtMs }: View): void {
  const { context, left, top, width, height, timeS } = axes;
  const { data, shape, bandsHz, unit } = stimulus;
  const [rows = 1, columns = 1] = shape.slice(-2);
  const [low, high] = rangeOf([data]);
  const range = [
    unit === "dB" ? Math.max(low, high - MOST_DB) : low,
    high,
  ] as const;
  const image = heatImage(data, rows, columns, range);
  const right = columns * (stimulus.dtMs ?? dtMs) / 1000 / timeS[1];
  context.imageSmoothingEnabled = columns > width;
  context.drawImage(image, left, top, width * right, height);
  const bands = [0, rows] as const;
  const shown = bandsHz === undefined ? [] : octaveRows(bandsHz, height);
  drawFrame(
    { ...axes, values: bands },
    (row) => hertz(bandsHz?.[row - 0.5] ?? 0),
    shown,
  );
  drawTitle(axes, unit === undefined ? "Spectrogram" : `Spectrogram, ${unit}`);
}

/** Rows, in the middle, of a few bands that are octaves apart. */
function octaveRows(bandsHz: readonly number[], height: number): number[] {
  const perOctave = bandsHz.findIndex((hz) => hz >= 2 * (bandsHz[0] ?? 0) - 1);
  const octaves = perOctave > 0 ? bandsHz.length / perOctave : 1;
  const every = Math.max(1, Math.ceil(octaves / Math.max(1, height / 18)));
  const step = Math.max(1, perOctave) * every;
  return bandsHz.flatMap((_, i) => i % step === 0 ? [i + 0.5] : []);
}

function hertz(value: number): string {
  return value >= 1000
    ? `${Number((value / 1000).toPrecision(2))} kHz`
    : `${Math.round(value)} Hz`;
}

function drawRepeats(axes: Axes, { repeats, kind, unit, dtMs }: View): void {
  const count = `${repeats.length} repeat${repeats.length === 1 ? "" : "s"}`;
  if (kind === "spikes") {
    drawRows(axes, repeats, dtMs);
    drawTitle(axes, `${count}, a row each`);
    return;
  }
  const scaled = { ...axes, values: rangeOf(repeats) };
  const alpha = Math.max(0.25, 1 / Math.sqrt(repeats.length));
  for (const repeat of repeats) {
    drawLine(scaled, repeat, dtMs / 1000, { colour: axes.ink.ink, alpha });
  }
  drawFrame(scaled);
  drawTitle(axes, `${count} kept${unit && `, ${unit}`}`);
}

/**
 * Draws spikes: a row for each repeat, the first one above. Of bins that share a
 * pixel the greatest is drawn.
 */
function drawRows(
  axes: Axes,
  repeats: readonly Float32Array[],
  dtMs: number,
): void {
  const { context, ink, left, top, width, height, timeS } = axes;
  const [, most] = rangeOf(repeats);
  const row = height / repeats.length;
  context.fillStyle = ink.ink;
  for (const [i, repeat] of repeats.entries()) {
    const across = width * repeat.length * dtMs / 1000 / timeS[1];
    const cells = Math.min(repeat.length, Math.floor(across));
    for (let cell = 0; cell < cells; cell++) {
      const from = Math.floor(cell * repeat.length / cells);
      const to = Math.floor((cell + 1) * repeat.length / cells);
      const value = Math.max(...repeat.subarray(from, to));
      if (value <= 0) continue;
      context.globalAlpha = 0.3 + 0.7 * value / most;
      const x = left + cell * across / cells;
      context.fillRect(x, top + i * row, across / cells, Math.max(1, row - 1));
    }
  }
  context.globalAlpha = 1;
  drawFrame(axes, String, []);
}

function drawPsth(axes: Axes, { psth, unit, dtMs }: View): void {
  const scaled = { ...axes, values: rangeOf([psth]) };
  drawLine(scaled, psth, dtMs / 1000, { colour: axes.ink.accent, thick: 1.5 });
  drawFrame(scaled);
  const name = `PSTH: mean in bins of ${dtMs} ms${unit && `, ${unit}`}`;
  drawTitle(axes, psth.length > 0 ? name : `${name}: the gate kept nothing`);
}

function drawRecorded(axes: Axes, { trace }: View): void {
  if (!trace) return;
  const { raw, detrended, rateHz, repeat } = trace;
  const scaled = { ...axes, values: rangeOf([raw]) };
  const baseline = raw.map((value, t) => value - (detrended[t] ?? 0));
  drawLine(scaled, raw, 1 / rateHz, { colour: axes.ink.ink, thick: 0.8 });
  drawLine(scaled, baseline, 1 / rateHz, {
    colour: axes.ink.accent,
    thick: 1.6,
  });
  drawFrame(scaled);
  drawTitle(axes, `Repeat ${repeat + 1} as recorded, and its drift, mV`);
}

function drawDetrended(axes: Axes, { trace, verdicts }: View): void {
  if (!trace) return;
  const { detrended, rateHz, repeat } = trace;
  const verdict = verdicts[repeat] ?? "kept";
  const colour = verdict === "kept" ? axes.ink.ink : axes.ink.bad;
  const scaled = { ...axes, values: rangeOf([detrended]) };
  drawLine(scaled, detrended, 1 / rateHz, { colour, thick: 0.8 });
  drawFrame(scaled);
  const judged = verdict === "kept" ? "kept" : `dropped (${verdict})`;
  drawTitle(
    axes,
    `Repeat ${repeat + 1} detrended, mV: ${judged}`,
    verdict === "kept" ? undefined : axes.ink.bad,
  );
}
