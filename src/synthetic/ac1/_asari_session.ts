import type { MatInput } from "../mat/mat_writer.ts";
import {
  ASARI_HZ,
  describe,
  distractors,
  recordingParam,
  stored,
  trigger,
  withoutTable,
} from "./asari_record.ts";
import {
  asariLevels,
  asariSegments,
  type SyntheticSequence,
} from "./asari_stimuli.ts";
import { matMember } from "./member.ts";
import type { SyntheticLedger } from "./ledger.ts";
import type { SyntheticPlan } from "./plan.ts";
import { SyntheticRandom } from "../shared/random.ts";
import { responseTo } from "./response.ts";
import { joinedLevels } from "./sound.ts";
import { syntheticStrf } from "./strf.ts";
import {
  addSpikes,
  type EvokedStretch,
  spoil,
  type SyntheticFault,
  syntheticTrace,
  unrelatedTo,
} from "./trace.ts";
import type { SyntheticMember } from "../shared/zip.ts";

/** Session of the Asari half: where the release has it, and its brain area. */
export interface SyntheticAsariSession {
  readonly name: string;
  readonly results: 1 | 2;
  readonly site: "A1" | "MGB";
}

const LEAD_SAMPLES = 500;

/** Sequence that was played during a recording. */
interface Played {
  readonly sequence: SyntheticSequence;
  /** Response per 5 ms bin, in mV. */
  readonly driven: Float64Array;
  readonly start: number;
  readonly number: number;
  readonly fault: SyntheticFault | undefined;
}

/** Recorded files of one session. */
export class AsariSession {
  readonly #plan: SyntheticPlan;
  readonly #session: SyntheticAsariSession;
  readonly #cell: number;
  readonly #ledger: SyntheticLedger;
  readonly #heard: readonly SyntheticSequence[];
  readonly #driven: readonly Float64Array[];
  readonly #membrane;
  readonly #isAttached: boolean;

  constructor(
    plan: SyntheticPlan,
    sequences: readonly SyntheticSequence[],
    session: SyntheticAsariSession,
    cell: number,
    ledger: SyntheticLedger,
  ) {
    const random = new SyntheticRandom(plan.seed, `asari/${session.name}`);
    const isAttached = session.site === "MGB";
    const strf = syntheticStrf(random, isAttached ? 0.9 : random.uniform(4, 6));
    this.#plan = plan;
    this.#session = session;
    this.#cell = cell;
    this.#ledger = ledger;
    this.#isAttached = isAttached;
    this.#heard = random.sample(
      sequences,
      Math.min(plan.asari.sequencesPerCell, sequences.length),
    );
    this.#driven = this.#heard.map((sequence) =>
      responseTo(
        strf,
        joinedLevels(sequence.map((segment) => asariLevels(plan, segment))),
        plan.response,
      )
    );
    this.#membrane = isAttached
      ? { restMv: 0, noiseMv: 0.05, driftMv: 0.2, whiteMv: 0.15 }
      : {
        restMv: random.uniform(-70, -58),
        noiseMv: random.uniform(1.5, 2.5),
        driftMv: random.uniform(0.5, 2),
        whiteMv: 0.2,
      };
    ledger.cell(
      session.name,
      {
        site: session.site,
        recordingType: isAttached ? "cell-attached" : "whole-cell",
      },
      strf,
      plan.response,
    );
  }

  *members(): Generator<SyntheticMember> {
    if (this.#cell % 3 === 0) yield this.#withoutTable(0);
    const { filesPerCell } = this.#plan.asari;
    for (let file = 1; file <= filesPerCell; file++) yield this.#file(file);
    yield this.#withoutTable(filesPerCell + 1);
  }

  #path(file: number): string {
    const { name, results } = this.#session;
    const number = String(file).padStart(3, "0");
    return `asari-results-${results}/${name}/${name}-${number}.mat`;
  }

  #withoutTable(file: number): SyntheticMember {
    const path = this.#path(file);
    this.#ledger.record("no-table", path);
    return matMember(path, file, () => withoutTable(file));
  }

  #file(file: number): SyntheticMember {
    const path = this.#path(file);
    // Counts over the whole release, so that every session has some of each kind.
    const number = this.#cell * 7 + file;
    const played = this.#played(file);
    const isShort = this.#cell % 9 === 1 && file === 3;
    for (const { fault } of played) this.#ledger.repeat(fault, path);
    if (isShort) this.#ledger.record("short-trace", path);
    const table = this.#table(file);
    if (table.some((entry) => entry.includes("\\"))) {
      this.#ledger.record("back-slashed-path", path);
    }
    if (file === 1) {
      this.#ledger.record("other-trigger", path);
      this.#ledger.record("past-table", path);
    }
    return matMember(path, number, () => {
      const random = new SyntheticRandom(this.#plan.seed, path);
      const trace = this.#trace(random, played);
      const cut = isShort
        ? trace.slice(0, trace.length - Math.round(this.#sequenceSamples / 4))
        : trace;
      return {
        response: stored(number, cut),
        triggers: this.#triggers(number, file, played, table),
        param: recordingParam(table, this.#isAttached),
      };
    });
  }

  get #sequenceSamples(): number {
    const { segmentMs, segmentsPerSequence } = this.#plan.asari;
    return segmentMs * segmentsPerSequence * ASARI_HZ / 1000;
  }

  #played(file: number): Played[] {
    const random = new SyntheticRandom(
      this.#plan.seed,
      `${this.#path(file)}/played`,
    );
    const played: Played[] = [];
    let start = LEAD_SAMPLES;
    const play = (number: number, fault?: SyntheticFault): void => {
      const sequence = this.#heard[number] as SyntheticSequence;
      const driven = this.#driven[number] as Float64Array;
      played.push({ sequence, driven, start, number, fault });
      start += this.#sequenceSamples + 10 * random.integer(100, 200);
    };
    for (let pass = 0; pass < this.#plan.asari.passesPerFile; pass++) {
      for (const number of this.#heard.keys()) play(number);
    }
    if (file === 2) {
      if (this.#cell % 26 === 0) play(0, "range");
      if (this.#cell % 26 === 1) play(1, "step");
      if (this.#cell % 4 === 0 && !this.#isAttached) play(1, "xcorr");
    }
    return played;
  }

  #trace(random: SyntheticRandom, played: readonly Played[]): Float64Array {
    const lastStart = played.at(-1)?.start ?? 0;
    const evoked = played.map(({ start, driven, fault }) => ({
      start,
      driven: fault === "xcorr" ? unrelatedTo(driven, random) : driven,
    }));
    const trace = syntheticTrace(
      random,
      this.#membrane,
      ASARI_HZ,
      lastStart + this.#sequenceSamples + LEAD_SAMPLES,
      this.#isAttached ? fieldPotentials(evoked) : evoked,
    );
    if (this.#isAttached) {
      addSpikes(
        trace,
        random,
        { rateHz: 40, spikeMv: 5 },
        ASARI_HZ,
        evoked,
      );
    }
    for (const { start, fault } of played) {
      if (fault === "range" || fault === "step") {
        spoil(trace, fault, ASARI_HZ, start, this.#sequenceSamples);
      }
    }
    return trace;
  }

  /** Segments of the session's sequences, in an order that differs by file. */
  #table(file: number): string[] {
    const segments = [...new Set(this.#heard.flat())];
    const random = new SyntheticRandom(
      this.#plan.seed,
      `${this.#path(file)}/table`,
    );
    const spare = asariSegments(this.#plan)[file % 5] as string;
    if (!segments.includes(spare)) segments.push(spare);
    const table = random.sample(segments, segments.length);
    return table.map((segment, i) =>
      (i + file) % 4 === 0 ? segment.replace("/", "\\") : segment
    );
  }

  #triggers(
    number: number,
    file: number,
    played: readonly Played[],
    table: readonly string[],
  ): MatInput {
    const rows = table.map((entry) => entry.replace("\\", "/"));
    const { segmentMs, segmentsPerSequence } = this.#plan.asari;
    const triggers = played.map(({ sequence, start, number: index }) =>
      trigger(
        number % 2 === 0 ? "naturalsound" : "natural sound",
        start + 1,
        describe(number, index + 1, sequence.map((s) => rows.indexOf(s) + 1)),
        segmentMs * segmentsPerSequence,
      )
    );
    if (file === 1) triggers.push(...distractors(table.length));
    return number % 3 === 0
      ? { structs: triggers, dims: [1, triggers.length] }
      : { cells: triggers, dims: [1, triggers.length] };
  }
}

/** Field potential around a cell: it repeats, where spikes jitter. */
function fieldPotentials(
  evoked: readonly EvokedStretch[],
): EvokedStretch[] {
  return evoked.map(({ start, driven }) => ({
    start,
    driven: driven.map((change) => 0.5 * change),
  }));
}
