import { runDownload } from "../../src/download/run.ts";
import { platformTransport } from "../../src/http/transport.ts";

// As in `download`, but from the servers of the test.
const [dataset, file = "", dir = "", ...origins] = Deno.args;
const [login = "", download = "", zenodo = ""] = origins;
await runDownload({
  dataset: dataset === "crcns-ac1" ? dataset : "wingert2026",
  files: [file],
  dir,
  concurrency: 1,
  onProgress: () => {},
}, { transport: platformTransport, crcns: { login, download }, zenodo });
