import type { ReadOptions } from "../../base/abort.ts";
import { pooledQuality, signalToNoise } from "../../metrics/repeat_quality.ts";
import { bin } from "../../operators/bin.ts";
import { detrend } from "../../operators/detrend.ts";
import { checkedGate, gate, gateVerdicts } from "../../operators/gate.ts";
import { mask } from "../../operators/mask.ts";
import { signal } from "../../operators/signal.ts";
import { spectrogram } from "../../operators/spectrogram.ts";
import type { CellResponse, Presentation, Session } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { Trace, View, ViewRequest } from "../protocol.ts";
import type { Settings } from "../settings.ts";
import type { OpenData } from "./open_data.ts";
import {
  derived,
  type KeptPresentation,
  keptPresentation,
  withStimulusOf,
} from "./kept_presentation.ts";

type Stage = "recorded" | "detrended" | "signal" | "stimulus" | "ready";

/**
 * Reads what the page shows of a response, by the operators of the standard chain.
 * Each stage is kept until its options change: a slider of the gate computes no
 * spectrogram again.
 */
export class ViewReader {
  readonly #data: OpenData;
  readonly #lists = new Map<number, readonly Presentation[]>();
  readonly #stages = new Map<
    Stage,
    { readonly key: string; readonly made: KeptPresentation }
  >();

  /** @param data Sessions as recorded. */
  constructor(data: OpenData) {
    this.#data = data;
  }

  /** The presentations of a session. */
  async presentations(
    index: number,
    reading: ReadOptions = {},
  ): Promise<readonly Presentation[]> {
    const known = this.#lists.get(index);
    if (known) return known;
    const list = await this.#session(index).presentations(reading);
    this.#lists.set(index, list);
    return list;
  }

  /** The view; null if the cell did not hear the stimulus. */
  async view(
    request: ViewRequest,
    reading: ReadOptions = {},
  ): Promise<View | null> {
    const start = performance.now();
    const { session, stimulus, settings, cell } = request;
    const list = await this.presentations(session, reading);
    const presentation = list[stimulus];
    if (presentation === undefined) return null;
    const recorded = await this.#stage(
      "recorded",
      `${session}/${stimulus}`,
      () =>
        Promise.resolve(keptPresentation(this.#session(session), presentation)),
    );
    const { responses } = await recorded.presentation.read(reading);
    const response = responses[cell];
    if (!response) return null;
    await turn(reading);
    const view = this.#data.dataSet === "wingert2026"
      ? await publishedView(recorded, request, reading)
      : await this.#chainView(recorded, settings, request, reading);
    return { ...view, request, tookMs: performance.now() - start };
  }

  #session(index: number): Session {
    const session = this.#data.sessions[index];
    if (session === undefined) {
      throw new RangeError(
        `Cannot show the session: it is number ${index}, expected less than ` +
          this.#data.sessions.length,
      );
    }
    return session;
  }

  async #chainView(
    recorded: KeptPresentation,
    settings: Settings,
    request: ViewRequest,
    reading: ReadOptions,
  ): Promise<ViewParts> {
    const { cell, repeat } = request;
    const { medianMs, gaussMs, dtMs } = settings;
    const { maxAbsMv, stepMv, maxStepFraction, minCorrelation } = settings;
    const { fminHz, fmaxHz, bandsPerOctave } = settings;
    const limits = { maxAbsMv, stepMv, maxStepFraction, minCorrelation };
    const place = `${request.session}/${request.stimulus}`;
    const keyOf = (...parts: unknown[]): string =>
      JSON.stringify([place, ...parts]);
    const drift = { medianMs, gaussMs };
    const detrended = await this.#stage(
      "detrended",
      keyOf(drift),
      () => derived(recorded, detrend(drift)),
    );
    const bands = { dtMs, fminHz, fmaxHz, bandsPerOctave };
    const sound = await this.#stage(
      "stimulus",
      keyOf(bands),
      () => derived(recorded, spectrogram(bands)),
    );
    const clean = await this.#stage(
      "signal",
      keyOf(drift, limits),
      () => derived(detrended, gate(limits), signal()),
    );
    const ready = await this.#stage(
      "ready",
      keyOf(drift, limits, bands),
      async () =>
        await derived(
          withStimulusOf(await derived(clean, bin({ dtMs })), sound),
          mask(),
        ),
    );
    const stimulus = await ready.presentation.stimulus.read(reading) as Tensor;
    await turn(reading);
    const trends = await detrended.presentation.read(reading);
    await turn(reading);
    const { responses, tally } = await ready.presentation.read(reading);
    const [raw, flat] = [
      (await recorded.presentation.read(reading)).responses[cell],
      trends.responses[cell],
    ];
    const verdicts = flat ? gateVerdicts(flat, checkedGate(limits)) : [];
    const trace = raw && flat ? traceOf(raw, flat, repeat) : null;
    const parts = responseParts(responses[cell] ?? null, dtMs);
    return { ...parts, stimulus, tally, verdicts, trace };
  }

  async #stage(
    stage: Stage,
    key: string,
    make: () => Promise<KeptPresentation>,
  ): Promise<KeptPresentation> {
    const known = this.#stages.get(stage);
    if (known?.key === key) return known.made;
    const made = await make();
    this.#stages.set(stage, { key, made });
    return made;
  }
}

type ViewParts = Omit<View, "request" | "tookMs">;

async function publishedView(
  { presentation }: KeptPresentation,
  { cell }: ViewRequest,
  reading: ReadOptions,
): Promise<ViewParts> {
  const { responses, tally } = await presentation.read(reading);
  const stimulus = await presentation.stimulus.read(reading) as Tensor;
  const response = responses[cell] ?? null;
  const dtMs = response?.dtMs ?? stimulus.dtMs ?? 10;
  const parts = responseParts(response, dtMs);
  return { ...parts, stimulus, tally, verdicts: [], trace: null };
}

function responseParts(
  response: CellResponse | null,
  dtMs: number,
): Pick<ViewParts, "repeats" | "psth" | "kind" | "unit" | "dtMs" | "quality"> {
  const repeats = (response?.repeats ?? []).map((repeat) =>
    Float32Array.from(repeat)
  );
  const pooled = pooledQuality(sameLengths(repeats) ? [repeats] : []);
  return {
    repeats,
    psth: meanOf(repeats),
    kind: response?.kind ?? "raw",
    unit: response?.unit ?? "",
    dtMs,
    quality: { snr: signalToNoise(pooled), ccmax: pooled.ccmax },
  };
}

function sameLengths(repeats: readonly Float32Array[]): boolean {
  return repeats.every(({ length }) => length === repeats[0]?.length);
}

function meanOf(repeats: readonly Float32Array[]): Float64Array {
  if (repeats.length === 0) return new Float64Array(0);
  const bins = Math.min(...repeats.map(({ length }) => length));
  return Float64Array.from(
    { length: bins },
    (_, t) =>
      repeats.reduce((sum, repeat) => sum + (repeat[t] as number), 0) /
      repeats.length,
  );
}

function traceOf(
  raw: CellResponse,
  flat: CellResponse,
  wanted: number,
): Trace | null {
  const repeat = Math.min(wanted, raw.repeats.length - 1);
  const [recorded, detrended] = [raw.repeats[repeat], flat.repeats[repeat]];
  if (recorded === undefined || detrended === undefined) return null;
  return {
    raw: Float64Array.from(recorded, (value) => value * raw.scale),
    detrended: Float64Array.from(detrended, (value) => value * flat.scale),
    rateHz: raw.rateHz,
    repeat,
  };
}

/** Lets later messages arrive, which may have made this read useless. */
async function turn({ signal }: ReadOptions): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}
