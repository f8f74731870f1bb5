import { assert, assertEquals } from "./support/assert.ts";

/** Rejections that nobody handles when they happen. */
const REJECTIONS: Readonly<Record<string, string>> = {
  "never handled": `
    Promise.reject(new RangeError("left alone"));
    await new Promise((resolve) => setTimeout(resolve, 5));`,
  "handled too late": `
    const late = Promise.reject(new RangeError("left alone"));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await late.catch(() => {});`,
  "behind the test": `
    setTimeout(() => Promise.reject(new RangeError("left alone")), 0);`,
};

// The suite rests on it: each of its files fails by an unhandled rejection.
for (const [what, body] of Object.entries(REJECTIONS)) {
  Deno.test(`a rejection ${what} fails a run of tests`, async () => {
    const file = await Deno.makeTempFile({ suffix: "_test.ts" });
    const test = `Deno.test({ name: "t", fn: async () => {${body}},
      sanitizeOps: false, sanitizeResources: false });`;
    try {
      await Deno.writeTextFile(file, test);
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["test", "-A", "--no-check", "--no-config", file],
      }).output();
      const decoder = new TextDecoder();
      const output = decoder.decode(stdout) + decoder.decode(stderr);
      assertEquals(code, 1, output);
      assert(output.includes("RangeError: left alone"), output);
    } finally {
      await Deno.remove(file);
    }
  });
}
