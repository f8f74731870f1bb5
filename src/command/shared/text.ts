/** Characters that a terminal obeys, or that end a line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** Text whose control characters are escaped, and line ends are blanks. */
export function visible(text: string): string {
  return text.replace(CONTROL, (one) => {
    if (one === "\n") return " ";
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A table for people: columns as wide as their widest entry, numbers right. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
): string {
  const texts = rows.map((row) => row.map(cellText));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...texts.map((row) => row[column]?.length ?? 0))
  );
  const isNumber = header.map((_, column) =>
    rows.some((row) => typeof row[column] === "number")
  );
  const lines = [header, ...texts].map((row) =>
    row.map((text, column) =>
      isNumber[column]
        ? text.padStart(widths[column] ?? 0)
        : text.padEnd(widths[column] ?? 0)
    ).join("  ").trimEnd()
  );
  return lines.join("\n");
}

function cellText(value: unknown): string {
  return value === undefined || value === null ? "-" : visible(String(value));
}

/** Size of some bytes. */
export function bytesText(bytes: number): string {
  if (bytes < 999_500) return `${(bytes / 1e3).toFixed(0)} kB`;
  if (bytes < 999.95e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Length of a time. */
export function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
