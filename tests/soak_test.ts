import { assert, assertEquals } from "./support/assert.ts";
import { AC1_TINY } from "./support/golden/golden_ac1.ts";
import type { SoakResult } from "./_soak_run.ts";

const SUBSCRIPTIONS = 200;
/** Subscriptions before the first measurement: compiled code levels off by then. */
const WARM_UP = 300;
/** Growth that 200 leaks of 4 kB each exceed. */
const MOST_GROWTH = 1.05;

async function soaked(): Promise<SoakResult> {
  const script = new URL("_soak_run.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--v8-flags=--expose-gc", decodeURIComponent(script)],
      ...[AC1_TINY, String(WARM_UP + SUBSCRIPTIONS), String(WARM_UP)],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("soak: 200 interrupted subscriptions leave nothing behind", async () => {
  const result = await soaked();
  assertEquals(result.subscriptions, WARM_UP + SUBSCRIPTIONS);
  assert(
    result.interrupted > SUBSCRIPTIONS / 2,
    `${result.interrupted} were interrupted`,
  );
  assertEquals(result.filesClosed, result.filesOpened);
  assertEquals(result.leftovers, 0);
  const growth = result.liveAfter / result.liveBefore;
  assert(growth <= MOST_GROWTH, `memory grew ${growth.toFixed(2)} times`);
});
