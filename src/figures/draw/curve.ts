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

/**
 * Fills the space between two lines of equal length; where many values share a
 * pixel, between the least and the greatest of them.
 */
export function ribbon(low: Course, high: Course, fill: string): Draw {
  return ({ x, y }) => {
    let path = "";
    let forth: string[] = [];
    let back: string[] = [];
    const close = (): void => {
      if (forth.length > 0) {
        path += `M${[...forth, ...back.toReversed()].join("L")}Z`;
      }
      [forth, back] = [[], []];
    };
    const block = blockOf(low, x);
    for (let from = 0; from < low.values.length; from += block) {
      const bottom = low.values[extremesIn(low, from, block)[0]] ?? NaN;
      const top = high.values[extremesIn(high, from, block)[1]] ?? NaN;
      if (!Number.isFinite(bottom) || !Number.isFinite(top)) {
        close();
        continue;
      }
      const at = tenth(x(low.start + low.step * from));
      forth.push(`${at},${tenth(y(top))}`);
      back.push(`${at},${tenth(y(bottom))}`);
    }
    close();
    return element("path", { d: path, fill });
  };
}

/**
 * Places and values of the points to draw: where many share a pixel, only the
 * least and the greatest of them, in their order.
 */
function* pointsOf(
  course: Course,
  x: (value: number) => number,
): Generator<[at: number, value: number]> {
  const { values, start, step } = course;
  const block = blockOf(course, x);
  for (let from = 0; from < values.length; from += block) {
    const [least, most] = extremesIn(course, from, block);
    const places = block === 1
      ? [from]
      : [Math.min(least, most), Math.max(least, most)];
    for (const i of places) yield [start + step * i, values[i] ?? NaN];
  }
}

/** Number of values that share a pixel; 1 if they are few. */
function blockOf(
  { values, start, step }: Course,
  x: (value: number) => number,
): number {
  const width = Math.abs(x(start + step * values.length) - x(start));
  const perPixel = values.length / width;
  return perPixel > 4 ? Math.floor(perPixel) : 1;
}

/** Places of the least and the greatest value of a block; NaN is neither. */
function extremesIn(
  { values }: Course,
  from: number,
  block: number,
): [least: number, most: number] {
  let [least, most] = [from, from];
  const end = Math.min(values.length, from + block);
  for (let i = from + 1; i < end; i++) {
    const value = values[i] as number;
    if (value < (values[least] as number) || isNaN(values[least] as number)) {
      least = i;
    }
    if (value > (values[most] as number) || isNaN(values[most] as number)) {
      most = i;
    }
  }
  return [least, most];
}

function tenth(value: number): string {
  return pixels(Math.round(10 * value) / 10);
}
