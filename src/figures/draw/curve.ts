import { type Draw, element } from "./panel.ts";
import { pixels } from "./markup.ts";

/** Values at equal distances. */
export interface Course {
  readonly values: ArrayLike<number>;
  /** Place of the first value on the axis. */
  readonly start: number;
  /** Distance between two values. */
  readonly step: number;
}

/** Look of a line. */
export interface Stroke {
  readonly stroke: string;
  readonly "stroke-width": number;
  readonly "stroke-opacity"?: string;
  readonly "stroke-dasharray"?: string;
}

/** Draws values as a line, which breaks where they are NaN. */
export function curve(course: Course, stroke: Stroke): Draw {
  return ({ x, y }) => {
    let path = "";
    let isDown = false;
    for (const [at, value] of pointsOf(course, x)) {
      if (Number.isNaN(value)) {
        isDown = false;
        continue;
      }
      path += `${isDown ? "L" : "M"}${tenth(x(at))},${tenth(y(value))}`;
      isDown = true;
    }
    return element("path", {
      d: path,
      fill: "none",
      "stroke-linejoin": "round",
      ...stroke,
    });
  };
}

/** Fills the space between two lines of equal length. */
export function ribbon(low: Course, high: Course, fill: string): Draw {
  return ({ x, y }) => {
    let path = "";
    const { values: lows, start, step } = low;
    const { values: highs } = high;
    const isFinite = (i: number): boolean =>
      Number.isFinite(lows[i]) && Number.isFinite(highs[i]);
    const point = (i: number, { values }: Course): string =>
      `${tenth(x(start + i * step))},${tenth(y(values[i] ?? NaN))}`;
    for (let from = 0; from < lows.length; from++) {
      if (!isFinite(from)) continue;
      let to = from;
      while (isFinite(to + 1)) to++;
      const forth = range(from, to).map((i) => point(i, high));
      const back = range(from, to).reverse().map((i) => point(i, low));
      path += `M${[...forth, ...back].join("L")}Z`;
      from = to;
    }
    return element("path", { d: path, fill });
  };
}

/**
 * Places and values of the points to draw: where many share a pixel, only the
 * least and the greatest of them, in their order.
 */
function* pointsOf(
  { values, start, step }: Course,
  x: (value: number) => number,
): Generator<[at: number, value: number]> {
  const perPixel = values.length /
    Math.abs(x(start + step * values.length) - x(start));
  const block = perPixel > 4 ? Math.floor(perPixel) : 1;
  for (let from = 0; from < values.length; from += block) {
    if (block === 1) {
      yield [start + step * from, values[from] ?? NaN];
      continue;
    }
    let [least, most] = [from, from];
    for (let i = from; i < Math.min(values.length, from + block); i++) {
      const value = values[i] ?? NaN;
      if (!(value >= (values[least] ?? NaN))) least = i;
      if (!(value <= (values[most] ?? NaN))) most = i;
    }
    for (const i of [Math.min(least, most), Math.max(least, most)]) {
      yield [start + step * i, values[i] ?? NaN];
    }
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function tenth(value: number): string {
  return pixels(Math.round(10 * value) / 10);
}
