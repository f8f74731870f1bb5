/*
 * Feeds every reader damaged and generated files; see HELP.
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { inputOf } from "./_case.ts";
import { CASE_FOLDER } from "./_readback.ts";
import { watchedBatch } from "./_watched_batch.ts";
import type { BatchReport } from "./_worker.ts";
import type { FuzzReader } from "./readers.ts";
import { itemAt } from "../support/item_at.ts";

const HELP = `Feeds every reader damaged and generated files.

The rule: a reader gives a value or an error of the data, within 2 s of processor
time and 256 MB of memory, and leaves nothing open. The first case that breaks it
is written to a file, and the process ends with 1.

  deno task fuzz [options]

  --minutes N    run for N minutes, with new seeds (default 10)
  --cases N      read N cases with each reader instead
  --seed N       seed of the first batch (default: from the clock)
  --reader NAME  only one reader
  --values       change values of well-formed files instead of bytes
  --readers FILE module with the readers (default: readers.ts beside this one)
  --case N       with --seed and --reader: only that case
  --replay FILE  with --reader: only that file
  --out DIR      folder for a failing input (default: here)
  --help         this text
`;
const BATCH = 500;

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string" },
    cases: { type: "string" },
    seed: { type: "string" },
    reader: { type: "string" },
    readers: { type: "string" },
    values: { type: "boolean", default: false },
    case: { type: "string" },
    replay: { type: "string" },
    out: { type: "string", default: "." },
    help: { type: "boolean", default: false },
  },
});

const MODULE = options.readers === undefined
  ? new URL(options.values ? "values.ts" : "readers.ts", import.meta.url).href
  : pathToFileURL(options.readers).href;

if (options.help) console.log(HELP);
// Without exit, the process would wait for a worker that hangs.
else Deno.exit(await exitCode());

async function exitCode(): Promise<number> {
  try {
    return await isSound() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`error: ${error.message}`);
    return 2;
  } finally {
    Deno.mkdirSync(CASE_FOLDER, { recursive: true });
    Deno.removeSync(CASE_FOLDER, { recursive: true });
  }
}

async function isSound(): Promise<boolean> {
  const seed = countOf("seed", options.seed) ?? Date.now() % 2 ** 31;
  const readers = await chosenReaders();
  const only = countOf("case", options.case);
  const file = options.replay && Deno.readFileSync(options.replay);
  if (only !== undefined || file) {
    const reader = itemAt(readers, 0);
    return await isBatchSound(reader, seed, only ?? 0, 1, file || undefined);
  }
  const cases = countOf("cases", options.cases);
  if (cases !== undefined) return await isRoundSound(readers, seed, cases);
  const minutes = countOf("minutes", options.minutes) ?? 10;
  const end = performance.now() + 60_000 * minutes;
  for (let round = seed; performance.now() < end; round++) {
    if (!await isRoundSound(readers, round, BATCH)) return false;
  }
  return true;
}

async function isRoundSound(
  readers: readonly FuzzReader[],
  seed: number,
  cases: number,
): Promise<boolean> {
  for (const reader of readers) {
    if (!await isBatchSound(reader, seed, 0, cases)) return false;
  }
  return true;
}

async function isBatchSound(
  reader: FuzzReader,
  seed: number,
  from: number,
  cases: number,
  file?: Uint8Array,
): Promise<boolean> {
  const start = performance.now();
  const { name } = reader;
  const report = await watchedBatch({
    ...{ module: MODULE, reader: name, seed },
    ...{ from, cases, ...(file && { file }) },
  });
  const { fault } = report;
  if (fault === undefined) {
    printReport(reader, seed, report, performance.now() - start);
    return true;
  }
  const bytes = file ?? inputOf(reader, seed, fault.number);
  const path = `${options.out}/fuzz-${name.replace(" ", "-")}-${seed}-` +
    `${fault.number}.bin`;
  Deno.writeFileSync(path, bytes);
  console.error(
    `${name}: seed ${seed}, case ${fault.number}: ${fault.why}\n` +
      `The ${bytes.length} bytes are in ${path}; to read them again:\n` +
      `  deno task fuzz --reader "${name}" --replay ${path}`,
  );
  return false;
}

function printReport(
  { name }: FuzzReader,
  seed: number,
  { cases, values, growth }: BatchReport,
  ms: number,
): void {
  console.log(
    `${name}: seed ${seed}, ${cases} cases, ${values} values, ` +
      `${cases - values} refused, ${Math.round(1000 * cases / ms)} cases/s, ` +
      `${Math.round(growth / 2 ** 20)} MiB`,
  );
}

async function chosenReaders(): Promise<readonly FuzzReader[]> {
  const module: { FUZZ_READERS: readonly FuzzReader[] } = await import(MODULE);
  const { reader, replay } = options;
  const isOne = replay !== undefined || options.case !== undefined;
  if (reader === undefined && !isOne) return module.FUZZ_READERS;
  const chosen = module.FUZZ_READERS.filter(({ name }) => name === reader);
  if (chosen.length > 0) return chosen;
  const names = module.FUZZ_READERS.map(({ name }) => name).join(", ");
  throw new RangeError(
    `Cannot fuzz: reader is ${reader}, expected ${names}`,
  );
}

function countOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new RangeError(`Cannot fuzz: ${name} is ${text}, expected a count`);
}
