/**
 * Most memory of this process that was resident, in bytes.
 *
 * Not what `getrusage` says: that goes on from the process that started this one.
 * Where there is no `/proc`, what is resident now has to do.
 */
export function peakRss(): number {
  if (Deno.build.os !== "linux") return Deno.memoryUsage().rss;
  const status = Deno.readTextFileSync("/proc/self/status");
  return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
}
