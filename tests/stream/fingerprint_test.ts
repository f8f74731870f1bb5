import { VERSION } from "../../src/stream/fingerprint.ts";
import config from "../../deno.json" with { type: "json" };
import { assertEquals } from "../support/assert.ts";

Deno.test("fingerprint: its version is the package's", () => {
  assertEquals(VERSION, config.version);
});
