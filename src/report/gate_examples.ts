import { lastValueFrom, of } from "rxjs";
import { type Figure, plotVm } from "../figures/mod.ts";
import { detrend, type DetrendOptions } from "../operators/detrend.ts";
import {
  checkedGate,
  type GateOptions,
  gateVerdicts,
} from "../operators/gate.ts";
import type {
  CellMeta,
  CellResponse,
  GateReason,
  GateTally,
  ReadOptions,
  Session,
  StimMeta,
} from "../session.ts";
import { NO_TALLY } from "../stream/tally.ts";

/** Options of the part of a chain that drops repeats. */
export interface CleaningOptions {
  readonly detrend: DetrendOptions;
  readonly gate: GateOptions;
}

/** Reason to drop a repeat. */
export type DropReason = Exclude<GateReason, "kept">;

/** Repeat that the gate dropped. */
export interface DroppedRepeat {
  readonly reason: DropReason;
  readonly session: string;
  /** Number of the repeat among those of its stimulus, from 1. */
  readonly repeat: number;
  /** Number of repeats of the stimulus. */
  readonly repeats: number;
  readonly figure: Figure;
}

/** Reasons to drop a repeat, in the order of the tests. */
export const DROP_REASONS: readonly DropReason[] = ["range", "step", "xcorr"];

const MOST_EXAMPLES = 3;
const MOST_SECONDS = 4;

/** Collects a few examples of what the gate drops, for each reason. */
export class GateExamples {
  readonly #options: CleaningOptions;
  readonly #limits: Required<GateOptions>;
  readonly #found: DroppedRepeat[] = [];

  /**
   * @param options Options of the chain.
   * @throws {RangeError} If one is outside its range.
   */
  constructor(options: CleaningOptions) {
    this.#options = options;
    this.#limits = checkedGate(options.gate);
  }

  /** The examples, by reason. */
  get found(): readonly DroppedRepeat[] {
    return DROP_REASONS.flatMap((reason) =>
      this.#found.filter((example) => example.reason === reason)
    );
  }

  /** Why a repeat is dropped for a reason, with the limit of this chain. */
  rule(reason: DropReason): string {
    const { maxAbsMv, stepMv, maxStepFraction, minCorrelation } = this.#limits;
    switch (reason) {
      case "range":
        return `a sample is more than ${maxAbsMv} mV from the baseline`;
      case "step":
        return `over ${Number((100 * maxStepFraction).toPrecision(3))} % of ` +
          `the samples are more than ${stepMv} mV from the median`;
      case "xcorr":
        return "the correlation with the median of the other repeats is below " +
          `${minCorrelation}`;
    }
  }

  /**
   * Looks through a session for examples that are still wanted. Only stimuli of
   * which such repeats were dropped are read again.
   *
   * @param session The session as its source gives it.
   * @param tallies What the gate dropped, by key of the stimulus.
   */
  async look(
    session: Session,
    tallies: ReadonlyMap<string, GateTally>,
    reading: ReadOptions,
  ): Promise<void> {
    const isWanted = (key: string): boolean =>
      this.#wanted(tallies.get(key)).length > 0;
    if (![...tallies.keys()].some(isWanted)) return;
    const cleaned = await lastValueFrom(
      of(session).pipe(detrend(this.#options.detrend)),
    );
    for (const presentation of await cleaned.presentations(reading)) {
      if (!isWanted(presentation.stimulus.key)) continue;
      const { responses } = await presentation.read(reading);
      const { meta } = presentation.stimulus;
      for (const [n, response] of responses.entries()) {
        if (response === null) continue;
        this.#add(session, response, meta, session.cells[n]);
      }
    }
  }

  #wanted(tally: GateTally | undefined): DropReason[] {
    return DROP_REASONS.filter((reason) =>
      (tally?.[reason] ?? 0) > 0 &&
      this.#found.filter((one) => one.reason === reason).length < MOST_EXAMPLES
    );
  }

  #add(
    { id }: Session,
    response: CellResponse,
    stim: StimMeta,
    cell: CellMeta | undefined,
  ): void {
    const verdicts = gateVerdicts(response, this.#limits);
    for (const reason of DROP_REASONS) {
      const at = verdicts.indexOf(reason);
      const isWanted = this.#wanted({ ...NO_TALLY, [reason]: 1 }).length > 0;
      if (at < 0 || !isWanted) continue;
      this.#found.push({
        reason,
        session: id,
        repeat: at + 1,
        repeats: verdicts.length,
        figure: droppedFigure(response, at, stim, cell),
      });
    }
  }
}

function droppedFigure(
  response: CellResponse,
  at: number,
  stim: StimMeta,
  cell: CellMeta | undefined,
): Figure {
  const seconds = (response.repeats[at]?.length ?? 0) / response.rateHz;
  return plotVm({ ...response, unit: "mV" }, {
    repeat: at,
    stim,
    width: 520,
    height: 170,
    ...(cell && { cell }),
    ...(seconds > MOST_SECONDS && { timeS: [0, MOST_SECONDS] }),
  });
}
