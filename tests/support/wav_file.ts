/** Parts of a WAV file. */
export interface WavForm {
  readonly bits: number;
  /** Samples, channel after channel of each frame. */
  readonly data: ArrayBufferView;
  /** Format code: 1 PCM, 3 float, 0xfffe extensible. */
  readonly format?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  /** Content of a LIST chunk before the data. */
  readonly list?: string;
}

/** Sub-format of PCM after its code, RFC 2361. */
const PCM_GUID = "000000001000800000aa00389b71";

/** Writes a WAV file as the format's definition has it, little-endian. */
export function wavFile(
  { bits, data, format = 1, channels = 1, rateHz = 97_656, list }: WavForm,
): Uint8Array<ArrayBuffer> {
  const frame = channels * bits / 8;
  const numbers: [number, 2 | 4][] = [
    [format, 2],
    [channels, 2],
    [rateHz, 4],
    [rateHz * frame, 4],
    [Math.ceil(frame), 2],
    [bits, 2],
  ];
  if (format === 0xfffe) numbers.push([22, 2], [bits, 2], [0, 4], [1, 2]);
  const head = joined([
    ...numbers.map(([value, length]) => number(value, length)),
    Uint8Array.fromHex(format === 0xfffe ? PCM_GUID : ""),
  ]);
  const { buffer, byteOffset, byteLength } = data;
  const content = new Uint8Array(buffer, byteOffset, byteLength);
  const body = joined([
    text("WAVE"),
    chunk("fmt ", head),
    ...(list === undefined ? [] : [chunk("LIST", text(list))]),
    chunk("data", content),
  ]);
  return chunk("RIFF", body);
}

function chunk(name: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined([text(name), number(content.length, 4), content]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function number(value: number, length: 2 | 4): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer, 0, length);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
