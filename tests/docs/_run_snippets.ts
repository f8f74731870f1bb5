/**
 * Runs modules one after the other in this process, with a line before the
 * output of each.
 *
 * Run: `deno run -A _run_snippets.ts MARK MODULE...`
 */
const [mark = "", ...modules] = Deno.args;
for (const module of modules) {
  console.log(`${mark}${module}`);
  await import(`file://${module}`);
}
// Idle workers would keep the process alive for a while.
Deno.exit();
