import { join } from "../base/path.ts";
import { makeFolder } from "../platform/files.ts";
import { SyntheticParts } from "./shared/part_files.ts";
import { SyntheticRandom } from "./shared/random.ts";

const RATE_HZ = 20_000;
const PIP_MS = 10;
const PIPS = 300;
const SOUNDS = 20;
const TRIALS = 10;

/** Made-up cells: each fires some time after pips near one frequency. */
const CELLS = [
  { cell: "made-up-1", hz: 1000, delayMs: 20 },
  { cell: "made-up-2", hz: 4000, delayMs: 40 },
];

/**
 * Writes recordings as a lab may have them, published nowhere: 20 WAV files of
 * random tone pips (3 s at 20 kHz), and `spikes.csv` with the spike times of two
 * cells in 10 trials of each sound, `cell,sound,trial,times_s` with blanks between
 * the times.
 *
 * Cell `made-up-1` fires 20 ms after pips near 1 kHz, `made-up-2` 40 ms after pips
 * near 4 kHz.
 *
 * @example Sounds to try a source of your own with
 * ```ts
 * import { writeSyntheticLab } from "rxephys/synthetic";
 *
 * await writeSyntheticLab("my-recordings");
 * ```
 *
 * @param folder Folder to write to, which is made.
 */
export async function writeSyntheticLab(folder: string): Promise<void> {
  await makeFolder(folder);
  using parts = new SyntheticParts();
  const rows = ["cell,sound,trial,times_s"];
  for (let number = 1; number <= SOUNDS; number++) {
    const name = `pips-${String(number).padStart(2, "0")}`;
    const random = new SyntheticRandom(7, `lab/${name}`);
    const pips = Array.from(
      { length: PIPS },
      () => 250 * 2 ** random.uniform(0, 5),
    );
    const file = await parts.create(join(folder, `${name}.wav`));
    await file.getWriter().write(wav(waveform(pips, random)));
    for (const { cell, hz, delayMs } of CELLS) {
      for (let trial = 1; trial <= TRIALS; trial++) {
        const times = spikeTimes(pips, hz, delayMs, random).join(" ");
        rows.push([cell, `${name}.wav`, trial, times].join(","));
      }
    }
  }
  await parts.writeText(join(folder, "spikes.csv"), rows.join("\n") + "\n");
  await parts.commit();
}

/** Pips one after the other, each faded in and out, in faint noise. */
function waveform(
  pips: readonly number[],
  random: SyntheticRandom,
): Int16Array {
  const length = PIP_MS * RATE_HZ / 1000;
  return Int16Array.from({ length: pips.length * length }, (_, at) => {
    const hz = pips[Math.floor(at / length)] as number;
    const fade = Math.sin(Math.PI * (at % length) / length);
    const tone = 0.3 * fade * Math.sin(2 * Math.PI * hz * at / RATE_HZ);
    return Math.round(32_767 * (tone + random.uniform(-0.01, 0.01)));
  });
}

/** A WAV file of one channel of 16 bits (RIFF, Microsoft and IBM 1991). */
function wav(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const text = (at: number, four: string): void => {
    for (let i = 0; i < 4; i++) bytes[at + i] = four.charCodeAt(i);
  };
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVE");
  text(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, 2 * RATE_HZ, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  for (const [i, sample] of samples.entries()) {
    view.setInt16(44 + 2 * i, sample, true);
  }
  return bytes;
}

/** Spike times in s: a few at random, and some after pips near a frequency. */
function spikeTimes(
  pips: readonly number[],
  hz: number,
  delayMs: number,
  random: SyntheticRandom,
): string[] {
  const times: number[] = [];
  for (const [number, pip] of pips.entries()) {
    const start = number * PIP_MS;
    if (random.uniform() < 0.05) times.push(start + random.uniform(0, PIP_MS));
    const octaves = Math.log2(pip / hz);
    if (random.uniform() < 0.9 * Math.exp(-8 * octaves ** 2)) {
      times.push(start + PIP_MS / 2 + delayMs + random.uniform(1.5, 3.5));
    }
  }
  return times.filter((time) => time < pips.length * PIP_MS)
    .sort((a, b) => a - b)
    .map((time) => (time / 1000).toFixed(4));
}
