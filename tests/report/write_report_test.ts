import { OutputError, RecordingError } from "rxephys";
import { concat, of, throwError } from "rxjs";
import { writeReport } from "../../src/report/write_report.ts";
import type {
  ReportInput,
  ReportOptions,
} from "../../src/report/write_report.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { noiseSessions } from "../support/sessions/noise_sessions.ts";

const SIZE = {
  sessions: 3,
  presentations: 3,
  cells: 2,
  repeats: 2,
  bands: 4,
  bins: 60,
};

const INPUT: ReportInput = {
  title: "Noise",
  data: "nowhere",
  sessions: noiseSessions(SIZE),
  program: "",
  command: "",
  warnings: () => [],
};

const OPTIONS: ReportOptions = {
  overwrite: false,
  figures: 1,
  fit: false,
  onProgress: () => {},
};

const namesIn = async (folder: string): Promise<string[]> =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

Deno.test("report: one file, its numbers, and progress by session", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.html`;
    const steps: string[] = [];
    const summary = await writeReport(path, INPUT, {
      ...OPTIONS,
      onProgress: (done, total, id) => steps.push(`${done}/${total} ${id}`),
    });
    assertEquals(summary, {
      path,
      bytes: (await Deno.stat(path)).size,
      sessions: 3,
      cells: 6,
      stimuli: 9,
      repeats: 36,
      tally: { range: 0, step: 0, xcorr: 0, kept: 36 },
    });
    assertEquals(steps, [
      "0/3 s0",
      "1/3 s0",
      "1/3 s1",
      "2/3 s1",
      "2/3 s2",
      "3/3 s2",
    ]);
    assertEquals(await namesIn(folder), ["a.html"]);
    const text = await Deno.readTextFile(path);
    assertEquals(text.match(/<section class="cell"/g)?.length, 3);
    assert(text.endsWith("</html>\n"));
  }));

Deno.test("report: a file that is there stays unless it may be replaced", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.html`;
    await Deno.writeTextFile(path, "mine");
    await assertRejects(
      () => writeReport(path, INPUT, OPTIONS),
      OutputError,
      "Cannot write the report: it exists, expected another path or " +
        `overwrite: true (file "${path}")`,
    );
    assertEquals(await Deno.readTextFile(path), "mine");
    await writeReport(path, INPUT, { ...OPTIONS, overwrite: true });
    assert((await Deno.readTextFile(path)).startsWith("<!doctype html>"));
  }));

Deno.test("report: an error or an abort leaves no file, and the old one", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.html`;
    await Deno.writeTextFile(path, "old");
    const options = { ...OPTIONS, overwrite: true };
    const error = new RecordingError("Cannot read");
    const sessions = concat(noiseSessions(SIZE), throwError(() => error));
    await assertRejects(
      () => writeReport(path, { ...INPUT, sessions }, options),
      RecordingError,
      "Cannot read",
    );
    assertEquals(await namesIn(folder), ["a.html"]);
    const controller = new AbortController();
    await assertRejects(
      () =>
        writeReport(path, INPUT, {
          ...options,
          signal: controller.signal,
          onProgress: (done) => done === 2 && controller.abort(),
        }),
      DOMException,
      "The signal has been aborted",
    );
    assertEquals(await namesIn(folder), ["a.html"]);
    assertEquals(await Deno.readTextFile(path), "old");
  }));

Deno.test("report: another process that writes it is not disturbed", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.html`;
    using other = await Deno.open(`${path}.part`, {
      write: true,
      create: true,
    });
    await other.write(new TextEncoder().encode("theirs"));
    await other.lock(true);
    await assertRejects(
      () => writeReport(path, INPUT, OPTIONS),
      OutputError,
      `Cannot write the report: another process writes it (file "${path}")`,
    );
    assertEquals(await Deno.readTextFile(`${path}.part`), "theirs");
  }));

Deno.test("report: nothing to report on", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.html`;
    const silent = of({
      id: "silent",
      cells: [{ cellId: "one" }],
      presentations: () => Promise.resolve([]),
    });
    const { cells } = await writeReport(
      path,
      { ...INPUT, sessions: silent },
      OPTIONS,
    );
    assertEquals(cells, 1);
    const text = await Deno.readTextFile(path);
    assert(text.includes("Nothing responded in this session."));
    assert(text.includes('<a href="#session-1">one</a>'));
  }));

Deno.test("report: one session is in memory, however many there are", async () => {
  const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "-q", "--v8-flags=--max-semi-space-size=4"],
      ...[new URL("_report_run.ts", import.meta.url).pathname, "120"],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  // Their arrays take 4.5 MB a session, 540 MB together; measured 160 to 230 MB.
  const peak = Number(new TextDecoder().decode(stdout));
  assert(peak < 300e6, `${peak} bytes`);
});
