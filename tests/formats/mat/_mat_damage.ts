/*
 * Run by mat_damage_test.ts in a separate process, whose memory is that of the
 * reader alone. Reads damaged files and prints the outcomes.
 */
import { DataError } from "../../../src/errors.ts";
import { listMatVariables } from "../../../src/formats/mat/mat.ts";
import { peakRss } from "../../support/peak_rss.ts";
import { compressed, level5, trace } from "../../support/archives/mat_pack.ts";
import { itemAt } from "../../support/item_at.ts";

const FLIPPED_CASES = 1000;
const CUT_STEP = 64;

/** Outcomes, which the test checks. */
export interface DamageReport {
  readonly values: number;
  readonly refused: number;
  /** Cases without a value or an error that names its place. */
  readonly wrong: readonly string[];
  readonly slowestMs: number;
  /** Growth of the process's peak, in bytes. */
  readonly peakGrowth: number;
}

if (import.meta.main) {
  console.log(JSON.stringify(readDamaged(readFiles(itemAt(Deno.args, 0)))));
}

function readFiles(folder: string): [string, Uint8Array][] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".mat")).sort();
  const samples = Int16Array.from({ length: 50_000 }, (_, i) => i * i % 4001);
  return [
    ...names.map((name): [string, Uint8Array] => [
      name,
      Deno.readFileSync(`${folder}/${name}`),
    ]),
    ["trace", level5(compressed(trace("trace", samples)))],
  ];
}

function readDamaged(files: readonly [string, Uint8Array][]): DamageReport {
  const tally = { values: 0, refused: 0, wrong: [] as string[], slowestMs: 0 };
  const peakBefore = peakRss();
  for (const [name, file] of damaged(files)) {
    const start = performance.now();
    const outcome = outcomeOf(file);
    const ms = performance.now() - start;
    tally.slowestMs = Math.max(tally.slowestMs, ms);
    if (outcome === "value") tally.values++;
    else if (outcome === "refused") tally.refused++;
    else tally.wrong.push(`${name}: ${outcome}`);
  }
  return { ...tally, peakGrowth: peakRss() - peakBefore };
}

function* damaged(
  files: readonly [string, Uint8Array][],
): Generator<[string, Uint8Array]> {
  for (const [name, file] of files) {
    for (let length = 0; length < file.length; length += CUT_STEP) {
      yield [`${name} cut at ${length}`, file.slice(0, length)];
    }
  }
  const random = randomNumbers(20020508);
  for (let i = 0; i < FLIPPED_CASES; i++) {
    const [name, file] = itemAt(files, i % files.length);
    yield [`${name}, case ${i}`, flipped(file, random)];
  }
}

function flipped(file: Uint8Array, random: () => number): Uint8Array {
  const result = file.slice();
  const count = 1 + Math.floor(8 * random());
  for (let i = 0; i < count; i++) {
    // A byte of a header has most effect.
    const reach = random() < 0.5 ? Math.min(256, file.length) : file.length;
    result[Math.floor(reach * random())] = Math.floor(256 * random());
  }
  return result;
}

function outcomeOf(file: Uint8Array): string {
  const place = { archive: "a.zip", member: "b.mat" };
  const { outcome, value } = attempt(() => listMatVariables(file, place));
  // One by one, so that a damaged variable does not hide those behind it.
  const read = (value ?? []).map((variable) =>
    attempt(() => variable.read()).outcome
  );
  const all = [outcome, ...read];
  return all.find((one) => one !== "value" && one !== "refused") ??
    (all.includes("refused") ? "refused" : "value");
}

function attempt<T>(act: () => T): { outcome: string; value?: T } {
  try {
    return { outcome: "value", value: act() };
  } catch (error) {
    if (!(error instanceof DataError)) return { outcome: String(error) };
    const { archive, member, offset } = error;
    const placed = archive === "a.zip" && member === "b.mat" &&
      offset !== undefined;
    return { outcome: placed ? "refused" : `no place in ${error.message}` };
  }
}

// Mulberry32.
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
