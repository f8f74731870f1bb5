import { reversed, vector } from "./member.ts";
import { STIMULUS_HZ } from "./sound.ts";
import { quantized } from "./trace.ts";
import type { MatFieldsInput } from "../mat/mat_writer.ts";

/** Rate of an Asari recording, in Hz. */
export const ASARI_HZ = 10_000;
const STEP_MV = 0.01;

/** Describes a sequence by its rows, in one of the forms of the release. */
export function describe(
  number: number,
  sequence: number,
  rows: readonly number[],
): string {
  if (number % 4 === 1) return `sequence  ${sequence}:  ${rows.join(" ")}`;
  if (number % 4 === 2) return `SEQUENCE ${sequence}: ${rows.join("   ")} `;
  return `Sequence ${sequence}: ${rows.join("  ")}`;
}

/** Triggers without a sequence of the table. */
export function distractors(rows: number): MatFieldsInput[] {
  return [
    trigger("tone", 10, "Tuning curve", 50),
    trigger("naturalsound", 10, "white noise", 50),
    trigger("naturalsound", 10, `Sequence 9: 1 ${rows + 5}`, 50),
  ];
}

/** Trigger of a sound: time in samples from 1, duration in ms. */
export function trigger(
  type: string,
  time: number,
  description: string,
  duration: number,
): MatFieldsInput {
  return { type, time, param: { description, duration } };
}

/** Trace in mV as a file stores it; the file's number selects the type. */
export function stored(number: number, trace: Float64Array): MatFieldsInput {
  const response = number % 5 === 3
    ? { trace: vector(trace, number), scale: 1, sf: ASARI_HZ }
    : {
      trace: vector(quantized(trace, STEP_MV), number >> 1),
      scale: STEP_MV,
      sf: ASARI_HZ,
    };
  return number % 4 === 2 ? reversed(response) : response;
}

/** Description of stimuli and cell that a file holds. */
export function recordingParam(
  table: readonly string[],
  isAttached: boolean,
): MatFieldsInput {
  return {
    stimulus: {
      structs: table.map((file) => ({ file, sf: STIMULUS_HZ })),
      dims: [1, table.length],
    },
    ID: { description: "natural sounds" },
    recording: isAttached
      ? { site: "auditory thalamus (MGB)", type: "Cell attached" }
      : { site: "Auditory Cortex", type: "Whole cell" },
  };
}

/** Variables of a file without a table; its site is wrong on purpose. */
export function withoutTable(number: number): MatFieldsInput {
  return {
    response: {
      trace: vector(new Float64Array(100), number),
      scale: 1,
      sf: ASARI_HZ,
    },
    triggers: { data: new Float64Array(0), dims: [0, 0] },
    param: { recording: { site: "not noted", type: "Unknown" } },
  };
}
