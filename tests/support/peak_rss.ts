/**
 * Peak resident memory of this process in bytes.
 *
 * `getrusage` does not serve: it starts at the peak of the parent process. Without
 * `/proc`, this is the memory that is resident now.
 */
export function peakRss(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss;
  const status = Deno.readTextFileSync("/proc/self/status");
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
}
