import { toNdjson, type WriteSummary } from "rxephys";
import { firstValueFrom, from, lastValueFrom } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { readySession } from "../support/sessions/ready_session.ts";

const sessions = (log: string[]): ReturnType<typeof readySession>[] =>
  ["x", "y", "z"].map((id) =>
    readySession(id, 1, [{ key: id, bins: 2, repeats: [[[1, 2]]] }], log)
  );

/** A stream that fails at the third line. */
function failing(error: Error): WritableStream<Uint8Array> {
  let lines = 0;
  return new WritableStream({
    write: () => {
      if (++lines === 3) throw error;
    },
  });
}

Deno.test("toNdjson: completes without an error when the reader closes the stream", async () => {
  const log: string[] = [];
  const closed = failing(
    new Deno.errors.BrokenPipe("Broken pipe (os error 32)"),
  );
  const summary: WriteSummary = await lastValueFrom(
    from(sessions(log)).pipe(toNdjson(closed)),
  );
  assert(summary.bytes > 0);
  assertEquals(log.includes("z list"), false);
});

Deno.test("toNdjson: reports any other failure of the stream", async () => {
  const broken = failing(new TypeError("not my day"));
  await assertRejects(
    () => firstValueFrom(from(sessions([])).pipe(toNdjson(broken))),
    TypeError,
    "not my day",
  );
});

Deno.test({
  name: "toNdjson: a program piped into `head` exits with code 0",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const url = new URL(
      "../support/sessions/noise_sessions.ts",
      import.meta.url,
    );
    const code = `import { noiseSessions } from "${url}";
      import { toNdjson } from "rxephys";
      import { lastValueFrom } from "rxjs";
      const size = { sessions: 20, presentations: 4, cells: 2, repeats: 5 };
      const stream = noiseSessions({ ...size, bands: 10, bins: 1000 });
      await lastValueFrom(stream.pipe(toNdjson(Deno.stdout.writable)));`;
    const run =
      'set -o pipefail; "$0" eval --no-check "$1" | head -n 1 | wc -l';
    const { code: status, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", run, Deno.execPath(), code],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals([status, new TextDecoder().decode(stdout).trim()], [0, "1"]);
  },
});
