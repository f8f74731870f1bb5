import { checkCount } from "../base/check.ts";
import { curve } from "./draw/curve.ts";
import { legend } from "./draw/legend.ts";
import { ACCENT, INK, MARGINS, type Panel, panel } from "./draw/panel.ts";
import { rangeOf, widened } from "./draw/ticks.ts";
import type { Figure } from "./figure.ts";
import { frameOf, TIME_OPTIONS, type TimeOptions } from "./figure_options.ts";
import { repeatsOf, type ResponseInput } from "./panels/repeats.ts";
import { course, timeAxis } from "./panels/response_panels.ts";
import { cellTitle, stimTitle, titleOf } from "./panels/titles.ts";
import { stacked } from "./stack_figures.ts";

/** Options for {@linkcode plotVm}. */
export interface VmOptions extends TimeOptions {
  /** The same response after `detrend()`, for the baseline and a second panel. */
  readonly detrended?: ResponseInput;
  /**
   * Repeat to draw.
   *
   * @default {0}
   */
  readonly repeat?: number;
}

const ACT = "plot a membrane potential";

/**
 * Draws one repeat of a membrane potential as it was recorded. With the detrended
 * response, the baseline that `detrend()` took off lies over it, and what is left
 * is drawn below.
 *
 * - Where many samples share a pixel, their least and greatest are drawn.
 *
 * @example A recorded and a detrended repeat
 * ```ts
 * import { detrend, type Session } from "rxephys";
 * import { type Figure, plotVm } from "rxephys/figures";
 * import { firstValueFrom, of } from "rxjs";
 *
 * async function firstRepeat(session: Session): Promise<Figure | undefined> {
 *   const read = async (from: Session) => {
 *     const [presentation] = await from.presentations();
 *     return (await presentation?.read())?.responses[0];
 *   };
 *   const raw = await read(session);
 *   const detrended = await read(
 *     await firstValueFrom(of(session).pipe(detrend())),
 *   );
 *   if (raw && detrended) return plotVm(raw, { detrended });
 * }
 * ```
 *
 * @throws {RangeError} If there is no such repeat, if the two responses differ in
 * length, or if an option is outside its range or does not exist.
 */
export function plotVm(raw: ResponseInput, options: VmOptions = {}): Figure {
  const { cell, stim, title, detrended, repeat = 0 } = options;
  const known = [...TIME_OPTIONS, "detrended", "repeat"] as const;
  const usual = detrended === undefined
    ? { height: 200 }
    : { height: 360, panels: 2 };
  const frame = frameOf(ACT, options, known, usual);
  const repeats = repeatsOf(ACT, raw, options);
  checkCount(ACT, "repeat", repeat, 0, repeats.rows.length - 1);
  const trace = repeats.rows[repeat] as Float64Array;
  const line = (values: Float64Array): ReturnType<typeof curve> =>
    curve(course(repeats, values), { stroke: INK, "stroke-width": 0.9 });
  const y = { domain: widened(rangeOf([trace])), label: repeats.label };
  const panels: Panel[] = [];
  if (detrended === undefined) {
    panels.push(panel(frame, { x: timeAxis(repeats), y }, [line(trace)]));
  } else {
    const left = repeatsOf(ACT, detrended, options).rows[repeat];
    if (left?.length !== trace.length) {
      throw new RangeError(
        `Cannot ${ACT}: the detrended repeat has ${
          left?.length ?? 0
        } samples, ` +
          `expected ${trace.length}`,
      );
    }
    const baseline = trace.map((value, t) => value - (left[t] as number));
    const above = Math.round(frame.height / 2);
    const upper = {
      ...frame,
      height: above,
      marginBottom: MARGINS.marginBottom - 12,
    };
    panels.push(
      panel(upper, { x: timeAxis(repeats, null), y }, [
        line(trace),
        curve(course(repeats, baseline), {
          stroke: ACCENT,
          "stroke-width": 1.6,
        }),
        legend([
          { text: "recorded", colour: INK },
          { text: "baseline", colour: ACCENT },
        ]),
      ]),
      panel({ ...frame, height: frame.height - above }, {
        x: timeAxis(repeats),
        y: { domain: widened(rangeOf([left])), label: repeats.label },
      }, [line(left), legend([{ text: "detrended", colour: INK }])]),
    );
  }
  return stacked(panels, {
    title: titleOf(title, cellTitle(cell), stimTitle(stim)),
  });
}
