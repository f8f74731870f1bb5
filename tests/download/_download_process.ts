/**
 * Downloads in a separate process: `deno run _download_process.ts '{...}'` with
 * origins, folder and files; the account comes from the environment. Prints a line
 * for each state of a file, then the result or the error.
 */
import { runDownload } from "../../src/download/run.ts";
import { crcnsCredentials } from "../../src/publishers/crcns_session.ts";
import { platformTransport } from "../../src/http/transport.ts";
import { itemAt } from "../support/item_at.ts";

const { crcns, zenodo, dir, files } = JSON.parse(itemAt(Deno.args, 0));

try {
  let last = "";
  const done = await runDownload({
    dataset: crcns ? "crcns-ac1" : "wingert2026",
    dir,
    files,
    concurrency: 1,
    credentials: crcns ? crcnsCredentials() : undefined,
    onProgress: ({ file, state, bytesDone }) => {
      const line = `${file} ${state}`;
      if (line !== last) console.log(line);
      if (state === "downloading" && bytesDone > 0 && line === last) {
        console.log("bytes");
      }
      last = line;
    },
  }, {
    transport: platformTransport,
    crcns: crcns ?? { login: "http://localhost", download: "http://localhost" },
    zenodo: zenodo ?? "http://localhost",
  });
  console.log(Deno.inspect(done));
} catch (error) {
  console.log(Deno.inspect(error, { depth: 100, showHidden: true }));
  Deno.exit(1);
}
