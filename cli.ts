/**
 * The command line `rxephys`: what is in a data set, and conversion to files.
 *
 * ```sh
 * deno run -A jsr:@rxephys/rxephys/cli --help
 * ```
 *
 * @module
 */

import { main } from "./src/command/main.ts";

if (import.meta.main) await main(Deno.args);
