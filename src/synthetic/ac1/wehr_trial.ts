import { reversed, vector } from "./member.ts";
import type { SyntheticSamples } from "./plan.ts";
import type { SyntheticRandom } from "../shared/random.ts";
import { quantized, syntheticTrace } from "./trace.ts";
import type { MatFieldsInput, MatInput } from "../mat/mat_writer.ts";

/** Sampling rate of a Wehr recording, in Hz. */
export const WEHR_HZ = 4000;
const STEP_MV = 0.02;

/** Triggers whose trials a reader skips. */
export const SKIPPED = {
  "tuning-curve": tuningTrigger(),
  "silence": trigger("silence", 101, "silence", 400),
  "noise": trigger("whitenoise", 101, "white noise", 400),
  "no-trigger": { data: new Float64Array(0), dims: [0, 0] },
  "no-description": {
    type: "naturalsound",
    time: 101,
    param: { duration: 400 },
  },
} satisfies Readonly<Record<string, MatInput>>;

/** Recording without a response. */
export function restingTrace(random: SyntheticRandom): Float64Array {
  const membrane = { restMv: -62, noiseMv: 1.5, driftMv: 0, whiteMv: 0.2 };
  return syntheticTrace(random, membrane, WEHR_HZ, 2000, []);
}

/** Trigger of a tone of a tuning curve. */
export function tuningTrigger(): MatFieldsInput {
  return trigger("tone", 101, "tuning curve", 400, "Stimuli\\tones.mat");
}

/** Trigger of a sound: time in samples from 1, duration in ms. */
export function trigger(
  type: string,
  time: number,
  description: string,
  duration: number,
  file: string = "",
): MatFieldsInput {
  return { type, time, file, param: { description, duration, ramp: 5 } };
}

/** Variables of a trial file; its number selects the variant. */
export function trial(
  number: number,
  trace: Float64Array,
  triggers: MatInput,
  samples: SyntheticSamples = "mixed",
): MatFieldsInput {
  const kept = samples === "float" ? floats : stored;
  const response = { ...kept(number, trace), sf: WEHR_HZ, unit: "mV" };
  return {
    response: number % 4 === 1 ? reversed(response) : response,
    triggers: number % 6 === 5 && triggers !== SKIPPED["no-trigger"]
      ? { cells: [triggers, tuningTrigger()], dims: [1, 2] }
      : triggers,
    param: { recording: { type: "whole-cell", site: "auditory cortex" } },
  };
}

function floats(number: number, trace: Float64Array): MatFieldsInput {
  const samples = number % 2 === 0 ? trace : Float32Array.from(trace);
  return { trace: vector(samples, number >> 1), scale: 1 };
}

function stored(number: number, trace: Float64Array): MatFieldsInput {
  if (number % 6 === 0) return { trace: vector(trace, number), scale: 1 };
  const steps = vector(quantized(trace, STEP_MV), number >> 1);
  return number % 7 === 3
    ? { trace: { ...steps, className: "double" }, scale: STEP_MV }
    : { trace: steps, scale: STEP_MV };
}
