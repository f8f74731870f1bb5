/**
 * The name that a misspelt one most likely stands for: the one that needs the
 * fewest edits, upper and lower case alike. Part of a name (`dt` of `dtMs`, or
 * `batchSize` around `size`) counts as one edit.
 *
 * @returns Undefined if none is near: more than a third of the letters differ.
 */
export function nearestName(
  name: string,
  known: Iterable<string>,
): string | undefined {
  const sought = name.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(2, Math.ceil(sought.length / 3)) + 1;
  for (const candidate of known) {
    const edits = editsBetween(sought, candidate.toLowerCase());
    if (edits >= least) continue;
    least = edits;
    nearest = candidate;
  }
  return nearest;
}

function editsBetween(a: string, b: string): number {
  const edits = levenshtein(a, b);
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const isPart = short.length > 1 && long.includes(short);
  return isPart ? Math.min(edits, 1) : edits;
}

/** Letters inserted, deleted and replaced to get from one text to another. */
function levenshtein(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let left = row;
    for (const [column, replaced] of above.slice(0, -1).entries()) {
      const cost = a[row - 1] === b[column] ? 0 : 1;
      const deleted = (above[column + 1] ?? 0) + 1;
      left = Math.min(replaced + cost, deleted, left + 1);
      current.push(left);
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}
