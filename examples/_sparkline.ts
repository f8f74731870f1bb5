/** Draws a trace as one line of blocks, scaled from its minimum to its maximum. */
export function sparkline(trace: Float64Array, width: number): string {
  const columns = Math.min(width, trace.length);
  const means = Array.from({ length: columns }, (_, column) => {
    const start = Math.floor(column * trace.length / columns);
    const end = Math.floor((column + 1) * trace.length / columns);
    return trace.subarray(start, end).reduce((a, b) => a + b, 0) /
      (end - start);
  });
  const low = Math.min(...means);
  const step = (Math.max(...means) - low) / 7 || 1;
  // U+2581 to U+2588: an eighth of a block to a whole one.
  return String.fromCodePoint(
    ...means.map((mean) => 0x2581 + Math.round((mean - low) / step)),
  );
}
