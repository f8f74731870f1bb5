import { encodeWaveFromFloat32Channels } from "@echogarden/wave-codec";

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
 * Writes WAV files of random tone pips and a table of spike times of two made-up
 * cells, so that `own_source.ts` runs without data.
 *
 * @returns The folder.
 */
export async function writeOwnRecordings(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "own-recordings-" });
  const random = randomNumbers(7);
  const rows = ["cell,sound,trial,times_s"];
  for (let number = 1; number <= SOUNDS; number++) {
    const sound = `pips-${String(number).padStart(2, "0")}.wav`;
    const pips = Array.from(
      { length: PIPS },
      () => 250 * 2 ** (5 * random()),
    );
    const samples = waveform(pips, random);
    const wav = encodeWaveFromFloat32Channels([samples], RATE_HZ, 16);
    await Deno.writeFile(`${folder}/${sound}`, wav);
    for (const { cell, hz, delayMs } of CELLS) {
      for (let trial = 1; trial <= TRIALS; trial++) {
        const times = spikeTimes(pips, hz, delayMs, random);
        rows.push([cell, sound, trial, times.join(" ")].join(","));
      }
    }
  }
  await Deno.writeTextFile(`${folder}/spikes.csv`, rows.join("\n") + "\n");
  return folder;
}

/** Pips one after the other, each faded in and out, in faint noise. */
function waveform(
  pips: readonly number[],
  random: () => number,
): Float32Array {
  const length = PIP_MS * RATE_HZ / 1000;
  return Float32Array.from({ length: pips.length * length }, (_, at) => {
    const hz = pips[Math.floor(at / length)] ?? 0;
    const fade = Math.sin(Math.PI * (at % length) / length);
    const tone = 0.3 * fade * Math.sin(2 * Math.PI * hz * at / RATE_HZ);
    return tone + 0.02 * (random() - 0.5);
  });
}

/** Spike times in s: a few at random, and some after pips near a frequency. */
function spikeTimes(
  pips: readonly number[],
  hz: number,
  delayMs: number,
  random: () => number,
): string[] {
  const times: number[] = [];
  for (const [number, pip] of pips.entries()) {
    const start = number * PIP_MS;
    if (random() < 0.05) times.push(start + random() * PIP_MS);
    const octaves = Math.log2(pip / hz);
    if (random() < 0.9 * Math.exp(-8 * octaves ** 2)) {
      times.push(start + PIP_MS / 2 + delayMs + 1.5 + 2 * random());
    }
  }
  return times.filter((time) => time < pips.length * PIP_MS)
    .sort((a, b) => a - b)
    .map((time) => (time / 1000).toFixed(4));
}

/** Numbers from 0 to 1, the same for the same seed (xorshift32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
