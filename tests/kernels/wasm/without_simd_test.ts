import { assertEquals } from "../../support/assert.ts";
import { assertClose } from "../../support/close.ts";
import { potential, seeded } from "../../support/sessions/traces.ts";
import type { WithoutSimd, WithoutSimdReply } from "./_without_simd_worker.ts";

const repeats = [4, 5, 6, 7].map((seed) => potential(3000, seeded(seed)));

for (const missing of ["WebAssembly", "SIMD"] as const) {
  Deno.test(`kernels without ${missing} give equal results`, async () => {
    const expected = await replyOf({ missing: "nothing", repeats });
    const actual = await replyOf({ missing, repeats });
    assertEquals(actual.onWasm, []);
    assertEquals(expected.onWasm.length, 5, `only ${expected.onWasm} ran`);
    assertEquals(actual.levels, expected.levels);
    assertEquals(actual.medians, expected.medians);
    assertEquals(actual.correlations, expected.correlations);
    assertEquals(actual.mapped, expected.mapped);
    // The two transforms round differently.
    assertClose(actual.smooth, expected.smooth, 1e-13);
  });
}

async function replyOf(task: WithoutSimd): Promise<WithoutSimdReply> {
  const url = new URL("_without_simd_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<WithoutSimdReply>): void =>
        resolve(data);
      worker.onerror = (event): void => {
        event.preventDefault();
        reject(new TypeError(event.message));
      };
      worker.postMessage(task);
    });
  } finally {
    worker.terminate();
  }
}
