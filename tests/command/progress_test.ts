import { countText } from "../../src/base/count_text.ts";
import type { Terminal } from "../../src/platform/process.ts";
import { showProgress } from "../../src/command/shared/progress.ts";
import {
  bytesText,
  textTable,
  timeText,
  visible,
} from "../../src/command/shared/text.ts";
import { assertEquals } from "../support/assert.ts";

/** A terminal or a log that keeps what is written. */
function fake(columns?: number): Terminal & { readonly written: string[] } {
  const written: string[] = [];
  return {
    isTerminal: columns !== undefined,
    columns,
    write: (text) => void written.push(text),
    written,
  };
}

Deno.test("progress on a terminal: a bar that is redrawn, and cleared at the end", () => {
  const err = fake(60);
  const progress = showProgress(err, "sessions");
  progress.update({ done: 1, total: 4, detail: "x".repeat(80) });
  progress.update({ done: 2, total: 4 });
  progress.end();
  assertEquals(err.written, [
    `\r\x1b[K[######..................] 1/4 sessions, ${"x".repeat(18)}`,
    "\r\x1b[K",
  ]);
});

Deno.test("progress in a log: news at once, the rest at the end", () => {
  const err = fake();
  const progress = showProgress(err, "files");
  progress.update({ done: 0, total: 2, detail: "one: checking", isNews: true });
  progress.update({ done: 0, total: 2, detail: "one: checking" });
  progress.update({ done: 2, total: 2, detail: "two: done\x1b[2J" });
  progress.end();
  progress.end();
  assertEquals(err.written, [
    "0/2 files, one: checking\n",
    "2/2 files, two: done\\u001b[2J\n",
  ]);
});

Deno.test("progress: no display for --quiet", () => {
  const progress = showProgress(null, "sessions");
  progress.update({ done: 1, total: 2 });
  progress.end();
});

Deno.test("texts: sizes, times and counts", () => {
  assertEquals([0, 999_499, 999_500, 999.95e6].map(bytesText), [
    "0 kB",
    "999 kB",
    "1.0 MB",
    "1.00 GB",
  ]);
  assertEquals([0.2, 59.9, 61, 3661].map(timeText), [
    "1 s",
    "60 s",
    "2 min",
    "1 h 2 min",
  ]);
  assertEquals([0, 1, 2].map((count) => countText(count, "cell")), [
    "0 cells",
    "1 cell",
    "2 cells",
  ]);
});

Deno.test("texts: a terminal obeys no name out of a file", () => {
  assertEquals(
    visible("a\x1b]0;x\x07\u009b2J\nb\u2028\r"),
    "a\\u001b]0;x\\u0007\\u009b2J b\\u2028\\u000d",
  );
  assertEquals(
    textTable(["NAME", "N"], [["a\x1b[1m", 10], [null, 2]]),
    ["NAME         N", "a\\u001b[1m  10", "-            2"].join("\n"),
  );
});
