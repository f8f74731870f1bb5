import { decodeWaveToFloat32Channels } from "@echogarden/wave-codec";
import { firstBeyond } from "../base/numbers.ts";
import { type DataErrorPlace, FormatError, RecordingError } from "../errors.ts";
import type { Waveform } from "../session.ts";

const ACT = "read WAV";
const LEAST_RATE_HZ = 1000;
const MOST_RATE_HZ = 1_000_000;
const MOST_SAMPLE = 1e9;

/**
 * Decodes a WAV file.
 *
 * @param bytes The whole file.
 * @param place Place of the file in errors.
 * @param channel Channel to return, `mean` for the mean of all, undefined for the
 * only one.
 * @throws {RangeError} If there is no such channel, or more than the only one.
 * @throws {FormatError} If it is no WAV, is cut short, holds no samples, or is
 * compressed in another way than `readWav` lists.
 * @throws {RecordingError} If the rate or a sample is out of range.
 */
export function decodedWav(
  bytes: Uint8Array,
  place: DataErrorPlace,
  channel: number | "mean" | undefined,
): Waveform {
  const { audioChannels, sampleRate: rateHz } = decoded(bytes, place);
  const samples = channel === "mean" && audioChannels.length > 0
    ? meanOf(audioChannels)
    : chosenChannel(audioChannels, channel, place);
  if (samples.length === 0) {
    throw new FormatError(`Cannot ${ACT}: it holds no samples`, place);
  }
  if (!(rateHz >= LEAST_RATE_HZ && rateHz <= MOST_RATE_HZ)) {
    throw new RecordingError(
      `Cannot ${ACT}: its rate is ${rateHz}, expected ${LEAST_RATE_HZ} to ` +
        `${MOST_RATE_HZ} Hz`,
      place,
    );
  }
  const odd = firstBeyond(samples, MOST_SAMPLE);
  if (odd < 0) return { samples, rateHz };
  throw new RecordingError(
    `Cannot ${ACT}: sample ${odd} is ${samples[odd]}, expected a magnitude ` +
      `below ${MOST_SAMPLE}`,
    place,
  );
}

function decoded(
  bytes: Uint8Array,
  place: DataErrorPlace,
): ReturnType<typeof decodeWaveToFloat32Channels> {
  try {
    // By default the decoder takes a file that is cut short for a shorter one.
    return decodeWaveToFloat32Channels(bytes, false, false);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`Cannot ${ACT}: ${reason}`, { ...place, cause });
  }
}

/** Mean of all channels, each step in float32, as PyTorch has it. */
function meanOf(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels;
  if (others.length === 0) return first;
  return first.map((value, i) => {
    const sum = others.reduce(
      (sum, own) => Math.fround(sum + (own[i] as number)),
      value,
    );
    return sum / channels.length;
  });
}

function chosenChannel(
  channels: readonly Float32Array[],
  channel: number | "mean" | undefined,
  { archive }: DataErrorPlace,
): Float32Array {
  const number = channel ?? (channels.length === 1 ? 0 : -1);
  const samples = channels[Number(number)];
  if (samples !== undefined) return samples;
  const file = archive === undefined ? "" : ` (file "${archive}")`;
  throw new RangeError(
    `Cannot ${ACT}: channel is ${channel}, expected 0 to ` +
      `${channels.length - 1}${file}`,
  );
}
