import { type Observable, toArray } from "rxjs";
import type { ReadOptions } from "../base/abort.ts";
import { PartFile } from "../base/part_file.ts";
import { OutputError } from "../errors.ts";
import { statIfThere } from "../platform/files.ts";
import type { Session } from "../session.ts";
import {
  type Fingerprint,
  fingerprintOf,
  VERSION,
} from "../stream/fingerprint.ts";
import { lastUnlessAborted } from "../stream/last_unless_aborted.ts";
import { droppedOf, TallySum } from "../stream/tally.ts";
import { type CleaningOptions, GateExamples } from "./gate_examples.ts";
import { Html, markup } from "./html.ts";
import {
  type CellRow,
  cellTable,
  chainTable,
  gateSection,
  tiles,
  type Totals,
  type WarningCount,
  warningSection,
} from "./overview.ts";
import { pageFrame } from "./page.ts";
import { readSession } from "./session_data.ts";
import { sessionSection } from "./session_section.ts";

/** Subject of a report. */
export interface ReportInput {
  /** Name of the data set. */
  readonly title: string;
  /** Path or address of the data, as readers may see it. */
  readonly data: string;
  /** Sessions behind their chain, up to tensors. */
  readonly sessions: Observable<Session>;
  /** Options of the chain's gate; without them there is no gate. */
  readonly cleaning?: CleaningOptions;
  /** The session of a name as its source gives it, for what the gate drops. */
  readonly original?: (id: string) => Session | undefined;
  /** TypeScript and command that read the same again. */
  readonly program: string;
  readonly command: string;
  /** Warnings of the source, once all is read. */
  readonly warnings: () => readonly WarningCount[];
}

/** Options of {@linkcode writeReport}. */
export interface ReportOptions extends ReadOptions {
  /** Whether to replace a file that is there. */
  readonly overwrite: boolean;
  /** Most cells of a session with figures, those of highest SNR. */
  readonly figures: number;
  /** Whether to fit a receptive field to every cell. */
  readonly fit: boolean;
  /** Called after each session. */
  readonly onProgress: (done: number, total: number, session: string) => void;
}

/** Numbers of a report that was written. */
export interface ReportSummary extends Totals {
  readonly path: string;
  readonly bytes: number;
}

const ACT = "write the report";
/** Bytes that are copied at a time. */
const PIECE = 1 << 18;

/**
 * Writes a report of a data set: one HTML file that needs no network.
 *
 * - Quality and fits are those of each session by itself. (A dataset of several
 *   sessions cuts a stimulus to the bins that all its responses have.)
 * - One session is in memory at a time, and a row of the table for each cell. The
 *   parts about sessions wait in a file beside the report, which is removed.
 * - The file has its name only once it is whole.
 *
 * @throws {OutputError} If a file is there that may not be replaced.
 * @throws {DataError} If a session cannot be read.
 */
export async function writeReport(
  path: string,
  input: ReportInput,
  options: ReportOptions,
): Promise<ReportSummary> {
  const { signal, overwrite } = options;
  if (!overwrite && await statIfThere(path) !== null) {
    throw new OutputError(
      `Cannot ${ACT}: it exists, expected another path or overwrite: true`,
      { path },
    );
  }
  using out = await PartFile.open(path, "resumed");
  if (!await out.file.tryLock()) {
    out.keep();
    throw new OutputError(`Cannot ${ACT}: another process writes it`, { path });
  }
  await out.truncate(0);
  using body = await PartFile.open(`${path}.sessions`);
  const made = await writeSessions(body, input, options);
  const { start, end } = await pageFrame(`${input.title}: report`);
  await writeText(out, start + head(input, made).text);
  await copy(body, out, { ...(signal && { signal }) });
  await writeText(out, end);
  await out.finish();
  signal?.throwIfAborted();
  out.rename();
  return { ...made.totals, path, bytes: out.size };
}

/** Facts that are known once all sessions are written. */
interface Made {
  readonly totals: Totals;
  readonly rows: readonly CellRow[];
  readonly examples: GateExamples | null;
  /** Chain of the sessions; null if there are none. */
  readonly chain: Fingerprint | null;
}

async function writeSessions(
  body: PartFile,
  { sessions: stream, cleaning, original }: ReportInput,
  { signal, figures, fit, onProgress }: ReportOptions,
): Promise<Made> {
  const reading = { ...(signal && { signal }) };
  const examples = cleaning === undefined ? null : new GateExamples(cleaning);
  const rows: CellRow[] = [];
  const stimuli = new Set<string>();
  const tally = new TallySum();
  let repeats = 0;
  // Handles weigh little, and their number is the length of the way.
  const sessions = await lastUnlessAborted(stream.pipe(toArray()), reading);
  for (const [at, session] of sessions.entries()) {
    signal?.throwIfAborted();
    onProgress(at, sessions.length, session.id);
    const data = await readSession(session, fit, reading);
    const { count } = data;
    for (const { key } of count.stimuli) stimuli.add(key);
    tally.add(count.tally);
    repeats += count.repeats;
    const raw = original?.(session.id);
    if (examples && raw && droppedOf(count.tally) > 0) {
      const tallies = new Map(count.stimuli.map((one) => [one.key, one.tally]));
      await examples.look(raw, tallies, reading);
    }
    const made = sessionSection(data, { number: at + 1, figures });
    rows.push(...made.rows);
    await writeText(body, made.section.text);
    onProgress(at + 1, sessions.length, session.id);
  }
  const totals = {
    sessions: sessions.length,
    cells: rows.length,
    stimuli: stimuli.size,
    repeats,
    tally: tally.total,
  };
  const chain = sessions[0] === undefined ? null : fingerprintOf(sessions[0]);
  return { totals, rows, examples, chain };
}

function head(
  { title, data, program, command, warnings }: ReportInput,
  { totals, rows, examples, chain }: Made,
): Html {
  const { tally } = totals;
  const made = new Date().toISOString().slice(0, 10);
  const hasGate = examples !== null && droppedOf(tally) + tally.kept > 0;
  const links = [
    ["cells", "Cells"],
    ...hasGate ? [["gate", "Gate"]] : [],
    ...[["warnings", "Warnings"], ["chain", "Chain"]],
    ...totals.sessions > 0 ? [["session-1", "Sessions"]] : [],
  ];
  return markup`
<header>
<h1>${title}</h1>
<p class="soft">${data}, read by rxephys ${VERSION} on ${made}</p>
<nav>${links.map(([id, text]) => markup`<a href="#${id}">${text}</a>`)}</nav>
</header>
${tiles(totals)}
<h2 id="cells">Cells</h2>
<p class="soft">A click on a heading sorts the table; a name leads to its figures.</p>
${cellTable(rows)}
${
    hasGate
      ? gateSection(tally, (reason) => examples.rule(reason), examples.found)
      : null
  }
${warningSection(warnings())}
<h2 id="chain">The chain, to run it again</h2>
${chain && chainTable(chain)}
<p>With the command line of rxephys ${VERSION}:</p>
<pre>${command}</pre>
<p>As TypeScript:</p>
<pre>${program}</pre>
`;
}

async function writeText(file: PartFile, text: string): Promise<void> {
  await file.write(new TextEncoder().encode(text));
}

async function copy(
  from: PartFile,
  to: PartFile,
  { signal }: ReadOptions,
): Promise<void> {
  await from.file.seek(0);
  const piece = new Uint8Array(PIECE);
  for (;;) {
    signal?.throwIfAborted();
    const read = await from.file.read(piece);
    if (read === null) return;
    await to.write(piece.subarray(0, read));
  }
}
