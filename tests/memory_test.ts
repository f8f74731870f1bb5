import { writeSyntheticAc1 } from "rxephys/synthetic";
import { assert, assertEquals } from "./support/assert.ts";
import type { LiveMemory } from "./_live_memory_run.ts";

/** Size of the release, whose stimuli and trials take 79 MB when decoded. */
const MEGABYTES = 40;
const PRESENTATIONS = 56;
/**
 * Measured 12e6: one stimulus, its trials, a session, waveforms that wait,
 * compiled code. Sessions that stayed after their read would make it 16e6.
 */
const MOST_LIVE = 15e6;
const MOST_RSS = 300e6;

async function measured(
  release: string,
  chain: string,
): Promise<LiveMemory> {
  const script = new URL("_live_memory_run.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--v8-flags=--expose-gc"],
      ...[decodeURIComponent(script), release, chain],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("memory: one presentation is alive behind slow consumers and operators", async (t) => {
  const release = await Deno.makeTempDir();
  try {
    await writeSyntheticAc1(release, { seed: 1, scale: MEGABYTES });
    for (const chain of ["slow consumer", "slow operators"]) {
      await t.step(chain, async () => {
        const { liveBytes, rss, pauses } = await measured(release, chain);
        assert(pauses >= PRESENTATIONS, `the consumer paused ${pauses} times`);
        assert(liveBytes < MOST_LIVE, `${liveBytes} bytes are alive`);
        assert(rss < MOST_RSS, `the process has ${rss} bytes`);
      });
    }
    await t.step("an async generator in RxJS exceeds that bound", async () => {
      const { liveBytes } = await measured(release, "async generator");
      assert(liveBytes > 2 * MOST_LIVE, `${liveBytes} bytes are alive`);
    });
  } finally {
    await Deno.remove(release, { recursive: true });
  }
});
