import type { Response, Samples, Session, Signal } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import { Numbering } from "./_numbering.ts";
import type { ReadPresentation } from "./_read_sessions.ts";

/** Turns presentations into lines of NDJSON. */
export class NdjsonLines {
  readonly #numbering = new Numbering();
  #responses = 0;
  readonly #encode: (values: Samples) => string[];

  constructor(arrays: "base64" | "numbers") {
    this.#encode = arrays === "base64" ? base64Float32 : plainNumbers;
  }

  /** How much was written so far. */
  get counts(): { stimuli: number; responses: number; cells: number } {
    const { stims, cells } = this.#numbering;
    return { stimuli: stims, responses: this.#responses, cells };
  }

  /**
   * The lines of one presentation in parts of text: its stimulus where new, its
   * responses.
   */
  *of(item: ReadPresentation, session: Session): Generator<string> {
    if (item.read !== null) yield* this.#stimulusLine(item, item.read);
    for (const [position, response] of item.trials.responses.entries()) {
      if (response === null) continue;
      this.#responses++;
      yield* this.#responseLine(item, session, position, response);
    }
  }

  #stimulusLine(
    { stimulus }: ReadPresentation,
    read: Signal | Tensor,
  ): string[] {
    const isTensor = "shape" in read;
    return line({
      type: "stimulus",
      stimulus: this.#numbering.stim(stimulus.key),
      key: stimulus.key,
      durationMs: stimulus.durationMs,
      ...(isTensor ? tensorFields(read) : {
        unit: "sample",
        rateHz: read.rateHz,
        shape: [read.samples.length],
      }),
      dtype: "float32",
      meta: stimulus.meta,
    }, this.#encode(isTensor ? read.data : read.samples));
  }

  #responseLine(
    { stimulus }: ReadPresentation,
    session: Session,
    position: number,
    response: Response,
  ): string[] {
    const { kind, rateHz, dtMs } = response;
    return line({
      type: "response",
      stimulus: this.#numbering.stim(stimulus.key),
      cell: this.#numbering.cell(session, position),
      key: stimulus.key,
      session: session.id,
      kind,
      unit: response.unit,
      ...(dtMs === undefined ? { rateHz } : { dtMs }),
      ...extent(response.repeats),
      dtype: "float32",
      meta: { ...session.cells[position], signalType: kind },
    }, this.#encode(joined(response)));
  }
}

/** The data stand last, as JSON already: nothing searches them for quotes. */
function line(
  head: Readonly<Record<string, unknown>>,
  data: readonly string[],
): string[] {
  return [`${JSON.stringify(head).slice(0, -1)},"data":`, ...data, "}\n"];
}

function tensorFields(
  { dtMs, samplesPerBin, shape, unit }: Tensor,
): Record<string, unknown> {
  if (samplesPerBin === undefined) return { unit, dtMs, shape };
  const rateHz = dtMs && 1000 * samplesPerBin / dtMs;
  return { unit: unit ?? "sample", dtMs, samplesPerBin, rateHz, shape };
}

function extent(repeats: readonly Samples[]): Record<string, number[]> {
  const lengths = repeats.map(({ length }) => length);
  return lengths.every((length) => length === lengths[0])
    ? { shape: [lengths.length, lengths[0]] }
    : { lengths };
}

function joined({ repeats, scale }: Response): Float32Array {
  const total = repeats.reduce((sum, { length }) => sum + length, 0);
  const out = new Float32Array(total);
  let at = 0;
  for (const repeat of repeats) {
    for (let i = 0; i < repeat.length; i++) out[at++] = repeat[i] * scale;
  }
  return out;
}

// Every platform that Deno runs on is little-endian, as the format is.
function base64Float32(values: Samples): string[] {
  const floats = values instanceof Float32Array
    ? values
    : new Float32Array(values);
  const { buffer, byteOffset, byteLength } = floats;
  return ['"', new Uint8Array(buffer, byteOffset, byteLength).toBase64(), '"'];
}

function plainNumbers(values: Samples): string[] {
  return [JSON.stringify(Array.from(new Float32Array(values)))];
}
