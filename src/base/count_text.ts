/** A number with its noun, such as "1 cell" and "2 cells". */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
