import { assertEquals } from "../support/assert.ts";
import config from "../../deno.json" with { type: "json" };

const ROOT = new URL("../../", import.meta.url);
/** Types of RxJS, which has documentation of its own. */
const OF_RXJS =
  /references private type '(?:MonoTypeOperatorFunction|Observable|OperatorFunction)'/;

Deno.test("every public name is documented, and refers to public types alone", async () => {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", ...Object.values(config.exports)],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr);
  const faults = [...text.matchAll(/^error\[.*\n.*/gm)].map(([fault]) => fault);
  assertEquals(faults.filter((fault) => !OF_RXJS.test(fault)), []);
  // The check has run: operators are functions of RxJS.
  assertEquals(faults.length > 0, true);
});
