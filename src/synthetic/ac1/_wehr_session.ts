import { writeMat } from "../mat/mat_writer.ts";
import { matMember } from "./member.ts";
import type { SyntheticLedger } from "./ledger.ts";
import type { SyntheticPlan } from "./plan.ts";
import { SyntheticRandom } from "../shared/random.ts";
import { responseTo } from "./response.ts";
import { syntheticStrf } from "./strf.ts";
import {
  spoil,
  type SyntheticFault,
  syntheticTrace,
  unrelatedTo,
} from "./trace.ts";
import {
  type SyntheticWehrStimulus,
  UNKNOWN_DESCRIPTION,
  wehrLevels,
} from "./wehr_stimuli.ts";
import {
  restingTrace,
  SKIPPED,
  trial,
  trigger,
  tuningTrigger,
  WEHR_HZ,
} from "./wehr_trial.ts";
import type { SyntheticMember } from "../shared/zip.ts";

const LEAD_SAMPLES = 400;
const TAIL_SAMPLES = 200;
const ROTATED = ["noise", "no-trigger", "no-description"] as const;

type Threesome = readonly [
  SyntheticWehrStimulus,
  SyntheticWehrStimulus,
  SyntheticWehrStimulus,
];

/** Path of a trial file. */
export function trialPath(session: string, number: number): string {
  const file = `${session}-${String(number).padStart(4, "0")}.mat`;
  return `wehr/Results/${session}/${file}`;
}

/** Trial files of one session. */
export class WehrSession {
  readonly #plan: SyntheticPlan;
  readonly #name: string;
  readonly #cell: number;
  readonly #ledger: SyntheticLedger;
  readonly #heard: readonly SyntheticWehrStimulus[];
  readonly #driven = new Map<SyntheticWehrStimulus, Float64Array>();
  readonly #membrane;
  #number = 0;

  constructor(
    plan: SyntheticPlan,
    stimuli: readonly SyntheticWehrStimulus[],
    name: string,
    cell: number,
    ledger: SyntheticLedger,
  ) {
    const random = new SyntheticRandom(plan.seed, `wehr/session/${name}`);
    const strf = syntheticStrf(random, random.uniform(4, 6));
    const { heard, heardSpread } = plan.wehr;
    const count = Math.max(
      3,
      random.integer(heard - heardSpread, heard + heardSpread),
    );
    this.#plan = plan;
    this.#name = name;
    this.#cell = cell;
    this.#ledger = ledger;
    this.#heard = random.sample(stimuli, Math.min(count, stimuli.length));
    this.#membrane = {
      restMv: random.uniform(-70, -58),
      noiseMv: random.uniform(1.5, 2.5),
      driftMv: random.uniform(0.5, 2),
      whiteMv: 0.2,
    };
    for (const stimulus of this.#heard) {
      const levels = wehrLevels(plan.seed, stimulus);
      this.#driven.set(stimulus, responseTo(strf, levels, plan.response));
    }
    const kind = { site: "A1", recordingType: "whole-cell" };
    ledger.cell(name, kind, strf, plan.response);
  }

  *members(): Generator<SyntheticMember> {
    yield this.#skipped("tuning-curve");
    yield this.#skipped("silence");
    for (let repeat = 0; repeat < this.#plan.wehr.repeats; repeat++) {
      for (const stimulus of this.#heard) yield this.#trial(stimulus);
      if (repeat === 0) yield* this.#awkward();
    }
  }

  /** Irregular trials of the real release, distributed over the sessions. */
  *#awkward(): Generator<SyntheticMember> {
    // A session hears three stimuli at least.
    const [first, second, third] = this.#heard as Threesome;
    yield this.#skipped(ROTATED[this.#cell % 3 as 0 | 1 | 2]);
    if (this.#cell % 24 === 0) yield this.#trial(first, { fault: "range" });
    if (this.#cell % 24 === 1) yield this.#trial(second, { fault: "step" });
    if (this.#cell % 2 === 0) yield this.#trial(third, { fault: "xcorr" });
    if (this.#cell % 8 === 3) yield this.#trial(first, { isShort: true });
    if (this.#cell % 6 === 2) yield this.#unknown();
    if (this.#cell === 1) yield* this.#undecodable();
  }

  #nextPath(): string {
    return trialPath(this.#name, ++this.#number);
  }

  #skipped(kind: keyof typeof SKIPPED): SyntheticMember {
    const path = this.#nextPath();
    const number = this.#number;
    this.#ledger.record(kind, path);
    return matMember(path, number, () => {
      const random = new SyntheticRandom(this.#plan.seed, path);
      return trial(number, restingTrace(random), SKIPPED[kind]);
    });
  }

  #unknown(): SyntheticMember {
    const path = this.#nextPath();
    const number = this.#number;
    this.#ledger.record("unknown-stimulus", path);
    return matMember(path, number, () => {
      const random = new SyntheticRandom(this.#plan.seed, path);
      const played = trigger("naturalsound", 101, UNKNOWN_DESCRIPTION, 400);
      return trial(number, restingTrace(random), played);
    });
  }

  *#undecodable(): Generator<SyntheticMember> {
    const folder = `wehr/Results/${this.#name}`;
    const header = writeMat({}).subarray(0, 120);
    const cut = writeMat(
      trial(0, new Float64Array(2000), tuningTrigger()),
      { version: "v7" },
    );
    for (
      const [file, bytes] of [
        ["broken-9998.mat", header],
        ["broken-9999.mat", cut.subarray(0, 160)],
      ] as const
    ) {
      this.#ledger.record("undecodable", `${folder}/${file}`);
      yield {
        path: `${folder}/${file}`,
        packing: "deflate",
        bytes: () => bytes,
      };
    }
  }

  #trial(
    stimulus: SyntheticWehrStimulus,
    { fault, isShort = false }: {
      fault?: SyntheticFault;
      isShort?: boolean;
    } = {},
  ): SyntheticMember {
    const path = this.#nextPath();
    const number = this.#number;
    const type = spelling(number);
    this.#ledger.repeat(fault, path);
    if (type === "nauralsound") this.#ledger.record("misspelt-type", path);
    if (type !== type.trim()) this.#ledger.record("spaced-type", path);
    if (isShort) this.#ledger.record("short-trace", path);
    return matMember(path, number, () => {
      const random = new SyntheticRandom(this.#plan.seed, path);
      const start = LEAD_SAMPLES + random.integer(0, 50);
      const trace = this.#trace(random, stimulus, start, fault);
      const length = Math.round(stimulus.durationMs * WEHR_HZ / 1000);
      return trial(
        number,
        isShort ? trace.slice(0, start + Math.round(length * 0.8)) : trace,
        trigger(
          type,
          start + 1,
          stimulus.description,
          stimulus.durationMs,
          `Stimuli\\${stimulus.category}\\${stimulus.idx}.mat`,
        ),
        this.#plan.wehr.samples,
      );
    });
  }

  #trace(
    random: SyntheticRandom,
    stimulus: SyntheticWehrStimulus,
    start: number,
    fault: SyntheticFault | undefined,
  ): Float64Array {
    const length = Math.round(stimulus.durationMs * WEHR_HZ / 1000);
    const clean = this.#driven.get(stimulus) ?? new Float64Array(0);
    const driven = fault === "xcorr" ? unrelatedTo(clean, random) : clean;
    const trace = syntheticTrace(
      random,
      this.#membrane,
      WEHR_HZ,
      start + length + TAIL_SAMPLES,
      [{ start, driven }],
    );
    if (fault === "range" || fault === "step") {
      spoil(trace, fault, WEHR_HZ, start, length);
    }
    return trace;
  }
}

function spelling(number: number): string {
  if (number % 5 === 0) return "nauralsound";
  if (number % 11 === 0) return " NaturalSound ";
  return number % 7 === 0 ? "natural" : "naturalsound";
}
