/**
 * A whole number from 0 up to but not at `count`, each equally likely.
 *
 * @param random Gives whole numbers from 0 to 2^32 - 1.
 */
export function randomBelow(count: number, random: () => number): number {
  // The rest of 2^32 above the last whole multiple would favour small numbers.
  const fair = 2 ** 32 - 2 ** 32 % count;
  let bits = random();
  while (bits >= fair) bits = random();
  return bits % count;
}
