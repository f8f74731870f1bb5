import type { SyntheticMember } from "../shared/zip.ts";
import type { WingertPlan } from "./plan.ts";
import { BANDS, SILENCE, syntheticSound } from "./sound.ts";

const RATE_HZ = 44_100;
const DURATION_S = 17.79;
const SAMPLES_PER_BIN = RATE_HZ / 100;
/** Steps between silence and the loudest level. */
const LEVELS = 64;
const HEADER_BYTES = 44;
const SAMPLE_BYTES = 2;

/**
 * Members of a synthetic `wav.zip`, in order of name: a sound of 17.79 s at 44.1
 * kHz for each stimulus, 16 bits, most in stereo, each fourth in mono, one with
 * its name in capitals. A chord whose loudness follows the mean of the bands of
 * the stimulus' first spectrogram.
 */
export function* syntheticWavs(
  { seed, sites }: WingertPlan,
): Generator<SyntheticMember> {
  const first = new Map(
    sites.toReversed().flatMap((site) =>
      [...site.val, ...site.est].map((name) => [name, site] as const)
    ),
  );
  const names = [...first.keys()].sort();
  for (const [i, name] of names.entries()) {
    const { bins, detail } = first.get(name) as (typeof sites)[number];
    const file = name.replace(/^STIM_/, "");
    yield {
      path: `wav/${i === names.length - 1 ? file.toUpperCase() : file}`,
      packing: "deflate",
      effort: 1,
      bytes: () => {
        const levels = loudness(syntheticSound(seed, name, bins, detail));
        return wavBytes(levels, i % 4 === 3 ? 1 : 2);
      },
    };
  }
}

/** Mean of the bands in each bin that sounds, 0 to 1 in steps. */
function loudness(spectrogram: Float64Array): number[] {
  const bins = spectrogram.length / BANDS;
  return Array.from({ length: bins - 2 * SILENCE }, (_, i) => {
    let sum = 0;
    for (let band = 0; band < BANDS; band++) {
      sum += spectrogram[band * bins + SILENCE + i] as number;
    }
    return Math.min(1, Math.round(LEVELS * sum / BANDS / 2) / LEVELS);
  });
}

function wavBytes(levels: readonly number[], channels: 1 | 2): Uint8Array {
  const frames = Math.round(DURATION_S * RATE_HZ);
  const frameBytes = channels * SAMPLE_BYTES;
  const bytes = new Uint8Array(HEADER_BYTES + frames * frameBytes);
  writeHeader(bytes, channels, frames * frameBytes);
  const samples = new Int16Array(bytes.buffer, HEADER_BYTES);
  for (let frame = 0; frame < frames; frame++) {
    const level = levels[Math.floor(frame / SAMPLES_PER_BIN)] ?? 0;
    const at = frame % SAMPLES_PER_BIN;
    for (let channel = 0; channel < channels; channel++) {
      const chord = CHORDS[channel]?.[at] as number;
      samples[frame * channels + channel] = Math.round(level * chord);
    }
  }
  return bytes;
}

/** One bin of each channel, which repeats without a step. */
const CHORDS = [[200, 700, 3100], [300, 1100, 5300]].map((tonesHz) =>
  Float64Array.from(
    { length: SAMPLES_PER_BIN },
    (_, i) =>
      tonesHz.reduce(
        (sum, hz) => sum + 9000 * Math.sin(2 * Math.PI * hz * i / RATE_HZ),
        0,
      ),
  )
);

function writeHeader(
  bytes: Uint8Array,
  channels: number,
  dataBytes: number,
): void {
  const view = new DataView(bytes.buffer);
  const frameBytes = channels * SAMPLE_BYTES;
  const encoder = new TextEncoder();
  const text = (at: number, value: string): void =>
    bytes.set(encoder.encode(value), at);
  text(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 8 * SAMPLE_BYTES, true);
  text(36, "data");
  view.setUint32(40, dataBytes, true);
}
