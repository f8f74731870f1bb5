// Upper or lower case, any blanks, anything before and after. Digits that run
// on behind something else ("2, 3") are no list: half of one would be read.
const SEQUENCE = /Sequence\s+\d+\s*:\s*(\d+(?:\s+\d+)*)(?!\S|\s*\d)/i;

/**
 * Rows of the stimulus table that a description such as
 * `Sequence 1: 2  1  3  1  4` lists, counted from 1.
 *
 * @returns Null where it lists none.
 */
export function parseSequence(description: string): number[] | null {
  const match = SEQUENCE.exec(description);
  return match && match[1].split(/\s+/).map(Number);
}
